import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { install } from './install.mjs'
import { withLock } from './lock.mjs'
import { checkPackages } from './packages.mjs'
import { build, knip, lint, scriptTests, turbo, typecheck } from './programs.mjs'
import { clearReports, sumReports } from './reports.mjs'
import { Failure, run, runQuietly } from './run.mjs'
import { root } from './workspace.mjs'

const transports = ['memory', 'amqp', 'nats']

/** Throws unless RECORDCAST_TRANSPORTS names drivers that there are: a typo must not select nothing and pass. */
function checkSelection(selection = process.env.RECORDCAST_TRANSPORTS) {
  for (const name of (selection || 'memory').split(',').map((part) => part.trim())) {
    const known = `RECORDCAST_TRANSPORTS is a comma-separated list of: ${transports.join(', ')}.`
    if (!transports.includes(name)) throw new Failure(`Unknown transport "${name}". ${known}`)
    if (!existsSync(join(root, 'packages', `transport-${name}`)))
      throw new Failure(`There is no driver for "${name}" yet (packages/transport-${name}). ${known}`)
  }
}

/** Everything that must hold, to the end whatever fails, so that the closing line counts all of it. */
export async function test() {
  checkSelection()
  return withLock(async () => {
    await install()
    clearReports()
    const checks = {}
    checks.lint = await check('lint', () => runQuietly(lint('--reporter=summary'), 'Lint'))
    checks.types = await check('types', () => runQuietly(typecheck(), 'The type check'))
    checks.scripts = await check('scripts', () => runQuietly(scriptTests(), 'The test of the scripts'))
    checks.build = await check('build', () => runQuietly(build('--continue=always'), 'The build'))
    const exitCode = await run(turbo('test', '--concurrency=2', '--continue=always'))
    checks.knip = await check('knip', () => runQuietly(knip(), 'Knip'))
    checks.packages = await check('packages', async () => {
      const complaints = await checkPackages()
      if (complaints.length > 0) throw new Failure(complaints.join('\n'))
    })
    return close(checks, sumReports(), exitCode)
  })
}

async function check(name, work) {
  const began = performance.now()
  const seconds = () => `${((performance.now() - began) / 1000).toFixed(1)} s`
  try {
    await work()
    console.log(`${name.padEnd(9)} ok      ${seconds()}`)
    return true
  } catch (error) {
    if (!(error instanceof Failure) || error.exitCode > 128) throw error
    console.error(error.message)
    console.log(`${name.padEnd(9)} failed  ${seconds()}`)
    return false
  }
}

function close(checks, tests, exitCode) {
  let { passed, failed, skipped } = tests
  console.log()
  for (const { name, ...counts } of tests.packages) {
    console.log(`${name.padEnd(30)} ${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`)
  }
  for (const complaint of tests.complaints) console.log(complaint)
  // Turbo can fail by itself; what its tasks did is in the reports.
  if (exitCode !== 0 && failed === 0) {
    failed++
    console.log(`turbo run test ended with exit code ${exitCode} although no test failed: counted as one failure`)
  }
  const results = Object.entries(checks)
  console.log(
    `checks, each counted as one: ${results.map(([name, ok]) => `${name} ${ok ? 'ok' : 'failed'}`).join(', ')}`,
  )
  passed += results.filter(([, ok]) => ok).length
  failed += results.filter(([, ok]) => !ok).length
  console.log(`${passed} passed, ${failed} failed, ${skipped} skipped`)
  return failed === 0 ? 0 : 1
}
