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

test('each level is copied once, also where something is left out of every one', () => {
  let reads = 0
  let facts: object = { at: 'the bottom' }
  for (let level = 0; level < 40; level++) {
    const below = facts
    facts = {
      get below() {
        reads++
        return below
      },
      none: undefined,
    }
  }
  const copied = toPlain(facts, '')
  expect(JSON.stringify(copied)).toBe(JSON.stringify(facts))
  // Once each by JSON.stringify; to copy one takes two: whole, and then property by property.
  expect(reads).toBeLessThanOrEqual(40 * 3)
})

test('only own properties that are named by texts are copied, of instances as well', () => {
  const internal: unique symbol = Symbol('internal')
  class Issue {
    title = 'T'
    readonly tags = ['a']
    readonly [internal] = { much: true }
    get shown(): string {
      return this.title
    }
  }
  const copied = toPlain({ issue: new Issue(), bare: Object.assign(Object.create(null), { a: 1 }) }, '')
  expect(copied).toStrictEqual({ issue: { title: 'T', tags: ['a'] }, bare: { a: 1 } })
  const polluted = Object.prototype as Record<string, unknown>
  Object.assign(polluted, { everywhere: { much: true } })
  try {
    expect(Object.keys(toPlain({ title: 'T' }, '') as object)).toEqual(['title'])
  } finally {
    delete polluted.everywhere
  }
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
