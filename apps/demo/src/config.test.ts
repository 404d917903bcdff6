import { expect, test } from 'vitest'
import { isEmbedded, readConfig } from './config.js'

test('without arguments the whole replay runs once', () => {
  expect(readConfig([])).toEqual({
    broker: 'memory://demo',
    namespace: expect.stringMatching(/^demo-[0-9a-f]{6}$/),
    follow: false,
    payloads: Number.POSITIVE_INFINITY,
    adminPort: 4680,
    help: false,
  })
})

test('arguments are read', () => {
  expect(readConfig(['--follow', '--payloads', '12'])).toMatchObject({ follow: true, payloads: 12 })
  const broker = 'nats://localhost'
  expect(readConfig(['--broker', broker, '--namespace', 'mine'])).toMatchObject({ broker, namespace: 'mine' })
})

test('two runs have namespaces of their own', () => {
  expect(readConfig([]).namespace).not.toBe(readConfig([]).namespace)
})

test('only the embedded transport keeps everybody in one process', () => {
  expect(isEmbedded(readConfig([]))).toBe(true)
  expect(isEmbedded(readConfig(['--broker', 'MEMORY:']))).toBe(true)
  expect(isEmbedded(readConfig(['--broker', 'nats://memory:4222']))).toBe(false)
})

test.each([
  [['--folow']],
  [['follow']],
  [['--payloads', '0']],
  [['--payloads', 'many']],
  [['--payloads']],
  [['--admin-port', '70000']],
])('what cannot be read is refused, naming it: %j', (args) => {
  expect(() => readConfig(args)).toThrow(new RegExp(args[0]!))
})
