import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, onTestFinished, test } from 'vitest'
import { readConfig } from './config.js'

const program = fileURLToPath(new URL('../dist/server.js', import.meta.url))
const token = 'o'.repeat(32)

/** The process as it was built. */
function start(args: readonly string[], env: Record<string, string> = {}) {
  if (!existsSync(program)) throw new Error('The admin has not been built: npm run build')
  const child = spawn(process.execPath, [program, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...env },
  })
  onTestFinished(() => void child.kill('SIGKILL'))
  const told = { stdout: '', stderr: '' }
  let look = (): void => undefined
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (text: string) => {
      told[name] += text
      look()
    })
  }
  const ended = new Promise<{ code: number | null; stdout: string; stderr: string }>((resolve) => {
    child.on('close', (code) => resolve({ code, ...told }))
  })
  const url = new Promise<string>((resolve, reject) => {
    look = () => {
      const [, found] = /listens on (\S+)/.exec(told.stdout) ?? []
      if (found !== undefined) resolve(found)
    }
    void ended.then(({ stderr }) => reject(new Error(stderr)))
  })
  url.catch(() => undefined)
  return { url, ended, kill: (signal: NodeJS.Signals) => child.kill(signal) }
}

const slow = { timeout: 120_000 }

test('it says where it listens, answers, and ends with 0 when it is asked to, streams and all', slow, async () => {
  const { url, ended, kill } = start(['--broker', 'memory:', '--port', '0'])
  const at = await url
  expect(await (await fetch(`${at}/health/ready`)).json()).toEqual({ status: 'up' })
  const stream = await fetch(`${at}/api/events/stream`)
  expect(stream.status).toBe(200)
  kill('SIGTERM')
  expect(await ended).toMatchObject({ code: 0, stderr: '' })
  await stream.body?.cancel().catch(() => undefined)
})

test('its tokens come from a file or the environment and are in no line of its log', slow, async () => {
  const folder = mkdtempSync(join(tmpdir(), 'recordcast-admin-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const file = join(folder, 'tokens')
  writeFileSync(file, `operator olga ${token}\n`)
  const lines = ['--broker', 'memory:', '--port', '0', '--log-level', 'trace', '--busy-after', '0']
  const processes = [start([...lines, '--tokens', file]), start(lines, { RECORDCAST_TOKENS: `operator olga ${token}` })]
  for (const { url, ended, kill } of processes) {
    const at = await url
    const headers = { authorization: `Bearer ${token}` }
    expect(await (await fetch(`${at}/api/me`, { headers })).json()).toEqual({ role: 'operator', by: 'olga' })
    expect((await fetch(`${at}/api/me`, { headers: { authorization: 'Bearer wrong' } })).status).toBe(401)
    expect((await fetch(`${at}/api/me?token=x`, { headers })).status).toBe(200)
    kill('SIGINT')
    const { code, stdout, stderr } = await ended
    expect(code).toBe(0)
    expect(stdout).toContain('incoming request')
    expect(stdout + stderr).not.toContain(token)
  }
})

test(
  'an address beyond loopback without tokens, an odd broker or argument end it at once with a sentence',
  slow,
  async () => {
    const [open, scheme, odd, help] = await Promise.all([
      start(['--broker', 'memory:', '--host', '0.0.0.0']).ended,
      start(['--broker', 'http://example.org']).ended,
      start(['--brokr', 'memory:']).ended,
      start(['--help']).ended,
    ])
    expect(open).toMatchObject({ code: 1, stderr: expect.stringContaining('loopback only') })
    expect(scheme).toMatchObject({ code: 1, stderr: expect.stringContaining('no scheme known') })
    expect(odd).toMatchObject({ code: 2, stderr: expect.stringContaining("'--brokr'") })
    expect(help).toMatchObject({ code: 0, stdout: expect.stringContaining('--tokens FILE') })
  },
)

test.each<[string[], RegExp]>([
  [[], /--broker/],
  [['--broker', 'memory:', '--port', '65536'], /--port/],
  [['--broker', 'memory:', '--port', 'http'], /--port/],
  [['--broker', 'memory:', '--rate', '0'], /--rate/],
  [['--broker', 'memory:', '--busy-after', '-1'], /--busy-after/],
  [['--broker', 'memory:', '--log-level', 'loud'], /--log-level/],
  [['--broker', 'memory:', '--tokens', '/nowhere/at/all'], /ENOENT/],
])('%j is refused, saying what', (args, sentence) => {
  expect(() => readConfig(args, {})).toThrow(sentence)
})

test('a broker may come from the environment', () => {
  expect(readConfig([], { RECORDCAST_BROKER: 'nats://b' })).toMatchObject({
    broker: 'nats://b',
    host: '127.0.0.1',
    port: 4680,
    busyAfterMs: 1000,
  })
})
