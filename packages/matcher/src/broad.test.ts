import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { compilePattern, createMatcher } from './index.js'
import { someEvent } from './testdata/arbitraries.js'

/* Patterns that say nothing but what should be there, what should not, and what a value should not be. */

const names = fc.constantFrom('a', 'b', 'c', 'a.b', 'b.c')
const text = fc.constantFrom('a', 'ab', 'abc', 'A', 'SS')
const texts = fc.array(text, { minLength: 1, maxLength: 3 })
const refused = fc.oneof(
  texts,
  fc.array(fc.constantFrom(0, 1, 12), { minLength: 1, maxLength: 2 }),
  texts.map((prefix) => ({ prefix })),
  texts.map((suffix) => ({ suffix })),
  texts.map((letters) => ({ 'equals-ignore-case': letters })),
  fc.constantFrom('*', 'a*', '*b', 'a*c').map((wildcard) => ({ wildcard })),
)
const leaf = fc.oneof(
  refused.map((values) => [{ 'anything-but': values }]),
  fc.boolean().map((exists) => [{ exists }]),
)
const conjunction = fc.dictionary(names, leaf, { minKeys: 1, maxKeys: 3 })
const broad = fc.oneof(
  { weight: 4, arbitrary: conjunction },
  { weight: 1, arbitrary: fc.array(conjunction, { minLength: 2, maxLength: 3 }).map(($or) => ({ $or })) },
)

describe('broad patterns', () => {
  test('are answered together as each is by itself, also after some are removed', () => {
    const seen = { accepted: 0, verified: 0 }
    fc.assert(
      fc.property(
        fc.array(fc.tuple(broad, fc.boolean()), { minLength: 1, maxLength: 70, size: 'max' }),
        fc.array(someEvent, { minLength: 1, maxLength: 5 }),
        (patterns, events) => {
          const matcher = createMatcher<number>()
          const compiled = patterns.map(([pattern]) => compilePattern(pattern))
          for (const [key, [pattern]] of patterns.entries()) matcher.add(key, pattern)
          const all = [...patterns.keys()]
          const check = (keys: readonly number[]) => {
            for (const event of events)
              expect(matcher.match(event)).toEqual(keys.filter((key) => compiled[key]?.matches(event)))
          }
          check(all)
          for (const key of all) if (patterns[key]?.[1]) matcher.remove(key)
          check(all.filter((key) => !patterns[key]?.[1]))
          for (const key of all) if (patterns[key]?.[1]) matcher.add(key, patterns[key]?.[0])
          const later = all.filter((key) => patterns[key]?.[1])
          check([...all.filter((key) => !patterns[key]?.[1]), ...later])
          const { accepted, verified } = matcher.counts()
          seen.accepted += accepted
          seen.verified += verified
          for (const key of all) matcher.remove(key)
          expect(matcher.counts()).toMatchObject({ patterns: 0, fields: 0, postings: 0, unanchored: 0 })
        },
      ),
      { numRuns: 60 },
    )
    expect(seen.accepted).toBeGreaterThan(500)
    expect(seen.verified).toBeGreaterThan(100)
  })

  test('that read more fields than a group has room for are answered all the same', () => {
    const matcher = createMatcher<number>()
    const pattern = (key: number) => ({ a: [{ exists: true }], [`f${key}`]: [{ exists: false }] })
    for (let key = 0; key < 200; key++) matcher.add(key, pattern(key))
    const event = { a: 1, f3: 1, f150: 'x' }
    expect(matcher.match(event)).toEqual([...Array(200).keys()].filter((key) => key !== 3 && key !== 150))
    for (let key = 0; key < 200; key++) matcher.remove(key)
    expect(matcher.counts()).toMatchObject({ patterns: 0, fields: 0, postings: 0, unanchored: 0 })
  })

  test('are not looked at one by one', () => {
    const matcher = createMatcher<number>()
    for (let key = 0; key < 2000; key++)
      matcher.add(key, { a: [{ 'anything-but': [`x${key}`, 'y'] }], [`b${key % 7}`]: [{ exists: key % 2 === 0 }] })
    const event = { a: 'x4', b1: 1, b2: null }
    const wanted = (key: number) => (key % 7 === 1 || key % 7 === 2) === (key % 2 === 0) && key !== 4
    expect(matcher.match(event)).toEqual([...Array(2000).keys()].filter(wanted))
    expect(matcher.match({ ...event, a: 'y' })).toEqual([])
    expect(matcher.counts().verified).toBe(0)
  })
})
