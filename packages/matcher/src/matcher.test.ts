import { RecordcastError } from '@recordcast/protocol/errors'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { compilePattern, createMatcher } from './index.js'
import { someEvent, somePattern } from './testdata/arbitraries.js'

const empty = { patterns: 0, fields: 0, postings: 0, unanchored: 0 }

describe('a matcher', () => {
  test('answers as every pattern by itself does, also after some are removed, and keeps nothing in the end', () => {
    let hits = 0
    fc.assert(
      fc.property(
        fc.array(fc.tuple(somePattern, fc.boolean()), { minLength: 1, maxLength: 20 }),
        fc.array(someEvent, { minLength: 1, maxLength: 6 }),
        (patterns, events) => {
          const matcher = createMatcher<number>()
          const compiled = patterns.map(([pattern]) => compilePattern(pattern))
          for (const [key, [pattern]] of patterns.entries()) matcher.add(key, pattern)
          const expected = (event: object, key: (at: number) => boolean) =>
            [...compiled.keys()].filter((at) => key(at) && compiled[at]?.matches(event))
          for (const event of events) {
            const wanted = expected(event, () => true)
            hits += wanted.length
            expect(matcher.match(event)).toEqual(wanted)
          }
          for (const [key, [, goes]] of patterns.entries()) if (goes) expect(matcher.remove(key)).toBe(true)
          for (const event of events) expect(matcher.match(event)).toEqual(expected(event, (at) => !patterns[at]?.[1]))
          for (const key of patterns.keys()) matcher.remove(key)
          expect(matcher.size).toBe(0)
          expect(matcher.paths).toEqual([])
          expect(matcher.counts()).toMatchObject(empty)
        },
      ),
      { numRuns: 200 },
    )
    expect(hits).toBeGreaterThan(50)
  })

  test('gives each key once, in the order of adding, whatever is replaced in between', () => {
    const matcher = createMatcher<string>()
    matcher.add('second', { a: ['x', { prefix: 'x' }, { exists: true }] })
    matcher.add('all', undefined)
    matcher.add('last', { a: [{ suffix: 'x' }] })
    matcher.add('second', { $or: [{ a: ['x'] }, { b: ['y'] }] })
    expect(matcher.match({ a: ['x', 'x', ['x']], b: 'y' })).toEqual(['second', 'all', 'last'])
    expect(matcher.match(5)).toEqual(['all'])
    expect(matcher.size).toBe(3)
  })

  test('keeps one pattern for all keys that share it', () => {
    const matcher = createMatcher<number>()
    for (let key = 0; key < 100; key++) matcher.add(key, { a: ['x'], b: [1] })
    expect(matcher.counts()).toMatchObject({ patterns: 1, postings: 1, fields: 2 })
    for (let key = 0; key < 99; key++) matcher.remove(key)
    expect(matcher.match({ a: 'x', b: 1 })).toEqual([99])
  })

  test('leaves what was there when a pattern that should replace it is refused', () => {
    const matcher = createMatcher<string>()
    matcher.add('key', { a: ['x'] })
    expect(() => matcher.add('key', { a: 'x' })).toThrow(RecordcastError)
    expect(matcher.match({ a: 'x' })).toEqual(['key'])
    expect(matcher.counts()).toMatchObject({ patterns: 1, postings: 1 })
  })

  test('says whether a removed key was there', () => {
    const matcher = createMatcher<string>()
    matcher.add('key', undefined)
    expect([matcher.remove('other'), matcher.remove('key'), matcher.remove('key')]).toEqual([false, true, false])
  })

  test('verifies only what can still match, not every pattern', () => {
    const matcher = createMatcher<number>()
    for (let key = 0; key < 5000; key++) {
      const operator = [{ prefix: `p${key}-` }, { suffix: `-s${key}` }, { 'equals-ignore-case': `E${key}` }]
      const more = [{ numeric: ['>=', key * 10, '<', key * 10 + 5] }, { wildcard: `w${key}-*-end` }, `exact${key}`]
      matcher.add(key, { kind: ['issue'], name: [[...operator, ...more][key % 6]] })
    }
    const before = matcher.counts().verified
    expect(matcher.match({ kind: 'issue', name: 'other' })).toEqual([])
    expect(matcher.match({ kind: 'issue', name: 'e4003' })).toEqual([])
    expect(matcher.match({ kind: 'issue', name: 'p3000-x' })).toEqual([3000])
    expect(matcher.match({ kind: 'issue', name: 'x-s3001' })).toEqual([3001])
    expect(matcher.match({ kind: 'issue', name: 'e3002' })).toEqual([3002])
    expect(matcher.match({ kind: 'issue', name: 30032 })).toEqual([3003])
    expect(matcher.match({ kind: 'issue', name: 'w3004-x-end' })).toEqual([3004])
    expect(matcher.match({ kind: 'issue', name: 'exact3005' })).toEqual([3005])
    expect(matcher.counts().verified - before).toBeLessThan(100)
  })
})
