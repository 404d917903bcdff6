import { RecordcastError } from '@recordcast/protocol'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { toPlain } from './plain.js'

const refusal = (value: unknown): RecordcastError => {
  try {
    toPlain(value, '/after')
  } catch (error) {
    if (error instanceof RecordcastError) return error
  }
  throw new Error('was taken')
}

test('JSON data is copied, not shared', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const copy = toPlain(value, '')
      expect(JSON.stringify(copy)).toBe(JSON.stringify(value))
      if (typeof value === 'object' && value !== null) expect(copy).not.toBe(value)
    }),
  )
})

test('dates and toJSON become what JSON.stringify would write, undefined properties are left out', () => {
  const facts = { at: new Date(0), money: { toJSON: () => ({ cents: 5 }) }, none: undefined, list: [undefined, 1] }
  expect(toPlain(facts, '')).toEqual({ at: '1970-01-01T00:00:00.000Z', money: { cents: 5 }, list: [null, 1] })
})

test('what JSON would lose is refused with its place', () => {
  const cyclic: Record<string, unknown> = {}
  cyclic.self = cyclic
  for (const [value, path] of [
    [{ n: Number.NaN }, '/after/n'],
    [{ list: [1, 10n] }, '/after/list/1'],
    [{ f: () => 1 }, '/after/f'],
    [{ m: new Map() }, '/after/m'],
  ] as const) {
    const error = refusal(value)
    expect([error.code, error.path]).toEqual(['invalid-event', path])
  }
  expect(refusal(cyclic).code).toBe('invalid-event')
})

test('a key named __proto__ is an ordinary key', () => {
  const copy = toPlain(JSON.parse('{"__proto__":{"admin":true}}'), '') as object
  expect(Object.keys(copy)).toEqual(['__proto__'])
  expect(Object.getPrototypeOf(copy)).toBe(Object.prototype)
})

test('a getter that throws is refused, not a crash', () => {
  const facts = {
    get bad(): string {
      throw new Error('no')
    },
  }
  expect(refusal(facts)).toMatchObject({ code: 'invalid-event', path: '/after/bad' })
})
