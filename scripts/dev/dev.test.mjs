import assert from 'node:assert/strict'
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { test } from 'node:test'
import { fileURLToPath, pathToFileURL } from 'node:url'

const dev = fileURLToPath(new URL('../dev.mjs', import.meta.url))
const posix = { skip: process.platform === 'win32' && 'signals are those of POSIX' }
const runModule = pathToFileURL(fileURLToPath(new URL('run.mjs', import.meta.url))).href

const devWith = (args, env = {}) => {
  const { status, stderr } = spawnSync(process.execPath, [dev, ...args], { env: { ...process.env, ...env } })
  return { status, said: stderr.toString() }
}

test('an unknown command is refused with the list of commands', () => {
  for (const args of [['tset'], ['constructor'], []]) {
    const { status, said } = devWith(args)
    assert.equal(status, 2)
    assert.match(said, /npm run test /)
  }
})

test('an unknown transport fails the tests and is told which there are', () => {
  const { status, said } = devWith(['test'], { RECORDCAST_TRANSPORTS: 'memory,rabbit' })
  assert.equal(status, 1)
  assert.match(said, /Unknown transport "rabbit".*memory, amqp, nats/)
})

test('an unknown browser fails the tests and is told what there is', () => {
  const { status, said } = devWith(['test'], { RECORDCAST_BROWSER: 'netscape' })
  assert.equal(status, 1)
  assert.match(said, /Unknown browser "netscape".*chromium.*none/)
})

/** Starts a process that runs `program` through run.mjs; the program must print a line when it is ready. */
async function running(program, { capture = false } = {}) {
  const outer = `import { run } from ${JSON.stringify(runModule)}
    const capture = ${capture} ? (chunk) => process.stdout.write(chunk) : undefined
    const code = await run([process.execPath, '-e', ${JSON.stringify(program)}], { capture }).catch((error) => error.exitCode)
    process.exit(code)`
  const child = spawn(process.execPath, ['--input-type=module', '-e', outer], { stdio: ['ignore', 'pipe', 'inherit'] })
  let printed = ''
  child.stdout.on('data', (chunk) => {
    printed += chunk
  })
  await once(child.stdout, 'data')
  return { child, ended: once(child, 'close').then(([code, signal]) => ({ code, signal, printed })) }
}

const stopsAtSecond = `let heard = 0
  process.on('SIGINT', () => { heard++; console.log('heard', heard); setTimeout(() => process.exit(7), 100) })
  setInterval(() => {}, 1000); console.log('ready')`

test(
  'a program hears one Ctrl-C as one, however many ways it came, and its exit code is handed on',
  posix,
  async () => {
    const { child, ended } = await running(stopsAtSecond)
    child.kill('SIGINT')
    child.kill('SIGINT')
    assert.deepEqual(await ended, { code: 7, signal: null, printed: 'ready\nheard 1\n' })
  },
)

test('SIGTERM reaches the program, and an end by signal is 128 and its number', posix, async () => {
  const { child, ended } = await running("setInterval(() => {}, 1000); console.log('ready')")
  child.kill('SIGTERM')
  assert.equal((await ended).code, 143)
})

test('a step that is stopped ends the command even if the step says that all went well', posix, async () => {
  const polite = "process.on('SIGTERM', () => process.exit(0)); setInterval(() => {}, 1000); console.log('ready')"
  const { child, ended } = await running(polite, { capture: true })
  child.kill('SIGTERM')
  assert.equal((await ended).code, 143)
})
