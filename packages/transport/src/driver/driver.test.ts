import fc from 'fast-check'
import { expect, test } from 'vitest'
import { checkName, checkVerdict, copyMessage, shelve, unshelve } from './index.js'

const refused = { code: 'invalid-argument' }
const message = (headers: Record<string, string> = {}) => ({ id: 'm', body: new Uint8Array([1, 2]), headers })

test('a name is measured in bytes of UTF-8', () => {
  expect(() => checkName('queue', 'é'.repeat(100))).not.toThrow()
  expect(() => checkName('queue', 'é'.repeat(101))).toThrow(expect.objectContaining(refused))
  expect(() => checkName('key', 'x'.repeat(255))).not.toThrow()
  expect(() => checkName('key', 'x'.repeat(256))).toThrow(expect.objectContaining(refused))
})

test('only the shelf of a queue that could be has a mark of exclamation', () => {
  expect(() => checkName('shelf', 'queue!parked')).not.toThrow()
  expect(() => checkName('board', 'hello!')).not.toThrow()
  for (const name of ['queue!parked!parked', '!parked', 'queue!other', 'a!b!parked'])
    expect(() => checkName('shelf', name), name).toThrow(expect.objectContaining(refused))
  expect(() => checkName('queue', 'queue!parked')).toThrow(expect.objectContaining(refused))
})

test('half a surrogate pair and control characters are no names', () => {
  for (const name of ['\ud800', 'a\u0000', 'a\u0085', '\t'])
    expect(() => checkName('key', name), JSON.stringify(name)).toThrow(expect.objectContaining(refused))
})

test('a copied message shares nothing with what was given', () => {
  const headers = { a: 'b' }
  const body = Buffer.from([1, 2])
  const copy = copyMessage({ id: 'm', body, headers }, 2)
  body.fill(0)
  headers.a = 'c'
  expect(copy).toEqual({ id: 'm', body: new Uint8Array([1, 2]), headers: { a: 'b' } })
  expect(copy.body.constructor).toBe(Uint8Array)
})

test('a body is refused beyond the limit by its sizes', () => {
  expect(() => copyMessage(message(), 1)).toThrow(/2 bytes; at most 1/)
})

test('only own headers are taken, and none that could poison', () => {
  const inherited = Object.assign(Object.create({ evil: 'x' }), { mine: 'y' })
  expect(copyMessage(message(inherited), 10).headers).toEqual({ mine: 'y' })
  expect(() => copyMessage(message(JSON.parse('{"__proto__":"x"}')), 10)).toThrow(expect.objectContaining(refused))
  const own = copyMessage(message(JSON.parse('{"constructor":"x"}')), 10).headers
  expect(Object.hasOwn(own, 'constructor')).toBe(true)
})

test('a verdict that is one comes through, whatever else hangs on it', () => {
  expect(checkVerdict({ do: 'ack' })).toEqual({ do: 'ack' })
  const retry = { do: 'retry', afterMs: 0, why: '', headers: { a: 'b' } } as const
  expect(checkVerdict(retry)).toEqual(retry)
  expect(checkVerdict({ do: 'park', why: 'x' })).toEqual({ do: 'park', why: 'x' })
})

test('what is no verdict is refused and never crashes', () => {
  fc.assert(
    fc.property(fc.anything(), (given) => {
      try {
        expect(['ack', 'retry', 'return', 'park']).toContain(checkVerdict(given).do)
      } catch (error) {
        expect(error).toMatchObject(refused)
      }
    }),
  )
})

test('the shelf gives back what was parked', () => {
  const parked = {
    message: message({ kept: 'yes' }),
    why: 'it failed',
    attempt: 7,
    parkedAt: '2026-01-02T03:04:05.678Z',
  }
  expect(unshelve(shelve(parked))).toEqual(parked)
})

test('a why is cut after 1,000 characters and never within one', () => {
  const long = { message: message(), attempt: 1, parkedAt: '2026-01-02T03:04:05.678Z' }
  expect(unshelve(shelve({ ...long, why: 'x'.repeat(2000) })).why).toHaveLength(1000)
  expect(unshelve(shelve({ ...long, why: `x${'🌍'.repeat(600)}` })).why).toBe(`x${'🌍'.repeat(499)}`)
})

test('spoilt marks on a shelf are read as the least', () => {
  const spoilt = message({ 'rc-attempt': 'many', 'rc-parked-at': 'yesterday' })
  expect(unshelve(spoilt)).toMatchObject({ why: '', attempt: 1, parkedAt: '1970-01-01T00:00:00.000Z' })
  expect(unshelve(spoilt).message.headers).toEqual({})
})
