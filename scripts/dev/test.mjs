import { sayTransports, selectedTransports, startBrokers } from './brokers.mjs'
import { readyBrowser, sayBrowser, selectedBrowser } from './browser.mjs'
import { nestedEnvironment } from './environment.mjs'
import { install } from './install.mjs'
import { withLock } from './lock.mjs'
import { checkPackages } from './packages.mjs'
import { buildAllQuietly, knip, lint, scriptTests, turbo, typecheckAll } from './programs.mjs'
import { clearReports, sumReports } from './reports.mjs'
import { Failure, run, runQuietly } from './run.mjs'

/** Everything that must hold, to the end whatever fails, so that the closing line counts all of it. */
export async function test() {
  const selected = selectedTransports()
  const browser = selectedBrowser()
  return withLock(async () => {
    await install()
    clearReports()
    const checks = {}
    checks.lint = await check('lint', () => runQuietly(lint('--reporter=summary'), 'Lint'))
    checks.types = await check('types', () => typecheckAll())
    checks.scripts = await check('scripts', () => runQuietly(scriptTests(), 'The test of the scripts'))
    checks.build = await check('build', () => buildAllQuietly())
    let brokers = { env: {}, stop: async () => {} }
    checks.brokers = await check('brokers', async () => {
      brokers = await startBrokers(selected)
    })
    let browserEnv = {}
    checks.browser = await check('browser', async () => {
      browserEnv = await readyBrowser(browser)
    })
    const env = { ...nestedEnvironment(), ...brokers.env, ...browserEnv }
    const exitCode = await run(turbo('test', '--concurrency=2', '--continue=always'), { env }).finally(brokers.stop)
    checks.knip = await check('knip', () => runQuietly(knip(), 'Knip'))
    checks.packages = await check('packages', async () => {
      const complaints = await checkPackages()
      if (complaints.length > 0) throw new Failure(complaints.join('\n'))
    })
    return close(checks, sumReports(), exitCode, [sayTransports(selected), sayBrowser(browser)])
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

function close(checks, tests, exitCode, said) {
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
  for (const line of said) console.log(line)
  console.log(`${passed} passed, ${failed} failed, ${skipped} skipped`)
  return failed === 0 ? 0 : 1
}
