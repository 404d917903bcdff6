import { expect, test } from 'vitest'
import { readConfig } from './config.js'

test('without arguments the whole replay runs once', () => {
  expect(readConfig([])).toEqual({
    broker: 'memory://demo',
    follow: false,
    payloads: Number.POSITIVE_INFINITY,
    help: false,
  })
})

test('arguments are read', () => {
  expect(readConfig(['--follow', '--payloads', '12'])).toMatchObject({ follow: true, payloads: 12 })
})

test.each([[['--folow']], [['follow']], [['--payloads', '0']], [['--payloads', 'many']], [['--payloads']]])(
  'what cannot be read is refused, naming it: %j',
  (args) => {
    expect(() => readConfig(args)).toThrow(new RegExp(args[0]!))
  },
)
