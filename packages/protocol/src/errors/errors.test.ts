import { inspect } from 'node:util'
import { runInNewContext } from 'node:vm'
import fc from 'fast-check'
import { expect, test, vi } from 'vitest'
import { brand, describe, RecordcastError, toProblem } from './index.js'

test('an error of another copy of this package is recognised, and the other way about', async () => {
  vi.resetModules()
  const copy = await import('./errors.js')
  expect(copy.RecordcastError).not.toBe(RecordcastError)
  expect(new copy.RecordcastError('stopped', 'over')).toBeInstanceOf(RecordcastError)
  expect(new RecordcastError('stopped', 'over')).toBeInstanceOf(copy.RecordcastError)
})

test('a branded AggregateError is a RecordcastError with a code and stays what it was', () => {
  const inner = new Error('one')
  const error = brand(new AggregateError([inner], 'both failed'), 'publish-failed')
  expect(error).toBeInstanceOf(RecordcastError)
  expect(error).toBeInstanceOf(AggregateError)
  expect(error.code).toBe('publish-failed')
  expect(error.errors).toEqual([inner])
  expect(brand(error, 'buffer-full').code).toBe('buffer-full')
})

test('a subclass recognises its own kind only', () => {
  class Special extends RecordcastError {}
  class Other extends RecordcastError {}
  const special = new Special('stopped', 'over')
  expect(special).toBeInstanceOf(Special)
  expect(special).toBeInstanceOf(RecordcastError)
  expect(special).not.toBeInstanceOf(Other)
  expect(new RecordcastError('stopped', 'over')).not.toBeInstanceOf(Special)
})

test.each([undefined, null, 0, 'text', Symbol('s'), {}, new Error('plain'), () => undefined, { code: 'stopped' }])(
  '%s is no RecordcastError',
  (value) => {
    expect((value as unknown) instanceof RecordcastError).toBe(false)
  },
)

test('an error has no property for what it does not say', () => {
  const bare = new RecordcastError('stopped', 'It is over')
  expect(Object.keys(bare)).toEqual(['code'])
  expect(inspect(bare)).not.toContain('undefined')
  const full = new RecordcastError('invalid-options', 'no', { path: '/a', found: undefined, expected: 'b', cause: 1 })
  expect({ ...full }).toEqual({ code: 'invalid-options', path: '/a', found: 'undefined', expected: 'b' })
  expect(full.cause).toBe(1)
})

test('the first line of a stack names the class and the message', () => {
  expect(new RecordcastError('stopped', 'It is over').stack).toMatch(/^RecordcastError: It is over\n/)
})

const cyclic: Record<string, unknown> = { name: 'a' }
cyclic.self = cyclic

test.each<[unknown, string]>([
  ['a text', 'a text'],
  ['', ''],
  [undefined, 'undefined'],
  [null, 'null'],
  [Number.NaN, 'NaN'],
  [Number.NEGATIVE_INFINITY, '-Infinity'],
  [12n, '12n'],
  [{ n: 1n }, '{"n":1n}'],
  [Symbol('s'), 'Symbol(s)'],
  [function named() {}, '[function named]'],
  [new Map(), '[object Map]'],
  [new Date(0), '"1970-01-01T00:00:00.000Z"'],
  [new TypeError('wrong'), 'TypeError: wrong'],
  [{ a: [1, 'x', null], b: undefined }, '{"a":[1,"x",null],"b":undefined}'],
  [JSON.parse('{"__proto__":{"a":1}}'), '{"__proto__":{"a":1}}'],
  [Object.create(null), '{}'],
  [cyclic, '{"name":"a","self":{"name":"a","self":{"name":"a","self":{"name…'],
  ['x'.repeat(65), `${'x'.repeat(63)}…`],
  ['x'.repeat(64), 'x'.repeat(64)],
  [`${'x'.repeat(62)}😀x`, `${'x'.repeat(62)}…`],
])('%o is described as %s', (value, text) => {
  expect(describe(value)).toBe(text)
})

const throws = (): never => {
  throw new Error('no')
}

test.each<[string, unknown]>([
  ['a toJSON that throws', { toJSON: throws }],
  ['a getter that throws', Object.defineProperty({}, 'a', { get: throws, enumerable: true })],
  ['a toStringTag that throws', Object.defineProperty({}, Symbol.toStringTag, { get: throws })],
  ['an error whose message throws', Object.defineProperty(new Error(), 'message', { get: throws })],
])('%s is no reason to throw', (_, value) => {
  expect(describe(value)).toBe('a value that cannot be shown')
  expect(toProblem(value)).toEqual({ code: 'handler-failed', message: 'a value that cannot be shown' })
})

test('a revoked proxy is no reason to throw', () => {
  const { proxy, revoke } = Proxy.revocable({}, {})
  revoke()
  expect(describe(proxy)).toBe('a value that cannot be shown')
  expect(toProblem(proxy).code).toBe('handler-failed')
})

test('a toJSON that gives itself comes to an end', () => {
  const value = { a: 1, toJSON: () => value }
  expect(describe(value)).toContain('{"a":1')
})

test('whatever it is, it is described in at most 64 characters', () => {
  const anything = fc.anything({
    withBigInt: true,
    withDate: true,
    withMap: true,
    withSet: true,
    withNullPrototype: true,
  })
  fc.assert(
    fc.property(anything, (value) => {
      expect(describe(value).length).toBeLessThanOrEqual(64)
    }),
  )
})

test('describing looks at no more than it shows', () => {
  const deep = JSON.parse('['.repeat(100_000) + ']'.repeat(100_000))
  const wide = Array.from({ length: 1_000_000 }, (_, index) => ({ index }))
  const began = process.cpuUsage()
  expect(describe(deep)).toBe(`${'['.repeat(63)}…`)
  expect(describe(wide)).toHaveLength(64)
  expect(process.cpuUsage(began).user / 1000).toBeLessThan(50)
})

test('a problem is plain JSON, the same after a journey', () => {
  const details = {
    path: '/a',
    found: { n: 1n },
    expected: 'b',
    nearest: ['c'],
    position: 3,
    reasons: [],
    cause: cyclic,
  }
  const error = new RecordcastError('unknown-attribute', 'There is none', details)
  const problem = toProblem(error)
  expect(problem).toEqual({
    ...{ code: 'unknown-attribute', message: 'There is none', path: '/a', found: '{"n":1n}' },
    ...{ expected: 'b', nearest: ['c'] },
  })
  expect(JSON.parse(JSON.stringify(problem))).toEqual(problem)
})

test.each<[string, unknown, string]>([
  ['an Error', new Error('broke'), 'broke'],
  ['an Error of another realm', runInNewContext('new Error("far")'), 'Error: far'],
  ['a text', 'just a text', 'just a text'],
  ['undefined', undefined, 'undefined'],
  ['a forged marker without a code', { [Symbol.for('recordcast.error')]: true }, '{}'],
])('%s becomes a problem', (_, thrown, message) => {
  expect(toProblem(thrown)).toEqual({ code: 'handler-failed', message })
})

test('a problem is short enough for every reader', () => {
  const long = 'x'.repeat(100_000)
  const nearest = Array.from({ length: 100 }, () => long)
  const problem = toProblem(new RecordcastError('stopped', long, { path: long, expected: long, nearest }))
  expect(JSON.stringify(problem).length).toBeLessThan(12 * 2048)
})
