import { RecordcastError } from '@recordcast/protocol/errors'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { compilePattern, createMatcher } from './index.js'
import { limits } from './limits.js'
import { steps } from './work.js'

/* Patterns that use up their limits, and events that are as long as anyone likes. */

const times = <T>(length: number, make: (at: number) => T): T[] => Array.from({ length }, (_, at) => make(at))
const text = (at: number, length: number) => `${'ab'.repeat(length)}${at}`

const manyAlternatives = fc.tuple(fc.constantFrom(1, 7, 60), fc.constantFrom(1, 40, 200)).chain(([count, length]) =>
  fc.constantFrom<unknown[]>(
    times(count * 10, (at) => text(at, length)),
    times(count * 10, (at) => ({ prefix: text(at, length) })),
    times(count * 10, (at) => ({ suffix: text(at, length) })),
    times(count * 10, (at) => ({ 'equals-ignore-case': text(at, length) })),
    times(count, (at) => ({ prefix: { 'equals-ignore-case': text(at, length) } })),
    times(count, (at) => ({ wildcard: `*${'a*'.repeat(14)}b${at}` })),
    times(count, (at) => ({ numeric: ['>', at + 0.2, '<', at + 0.7] })),
    times(count, (at) => ({ 'anything-but': [`${at}`, 'b'] })),
    times(count * 10, (at) => ({ cidr: `10.${at}.0.0/16` })).slice(0, 250),
    [{ exists: false }],
    [{ exists: true }],
  ),
)
const scanned = (leaf: unknown[]) => Math.max(1, leaf.length)
const manyLeaves = fc.tuple(manyAlternatives, fc.integer({ min: 1, max: 60 })).map(([leaf, count]) => {
  const some = Math.min(count, Math.floor(limits.scans / scanned(leaf)) || 1)
  return Object.fromEntries(times(some, (at) => [`f${at}`, leaf]))
})
const hostilePattern: fc.Arbitrary<object> = fc.oneof(
  manyLeaves,
  manyLeaves.map((a) => ({ a })),
  manyLeaves.map((b) => ({ a: { ...b, b: { f0: [1] } } })),
  manyAlternatives.map((leaf) => ({ $or: times(3, (at) => ({ a: { f0: leaf.slice(0, 20), f1: [at] } })) })),
)

const longValue = fc.constantFrom<() => unknown>(
  () => 'ab'.repeat(30_000),
  () => '',
  () => 1.5,
  () => times(3000, (at) => text(at, 100)),
  () => times(20_000, (at) => at),
  () => times(2000, (at) => `10.${at >> 8}.${at & 255}.1`),
)
const hostileEvent: fc.Arbitrary<object> = fc
  .tuple(longValue, longValue, fc.constantFrom(1, 50, 3000), fc.integer({ min: 1, max: 60 }))
  .map(([one, other, elements, fields]) => {
    const object = Object.fromEntries(times(fields, (at) => [`f${at}`, at % 3 === 0 ? one() : at % 7]))
    const element = (at: number) => ({ f0: elements < 100 ? other() : at, [`f${at % 60}`]: 1, b: { f0: at % 2 } })
    return { ...object, a: times(elements, element) }
  })

/** The same event; `seen` counts how often one of its objects is looked at. */
function watched<T>(value: T, seen: { count: number }): T {
  if (Array.isArray(value)) return value.map((each) => watched(each, seen)) as T
  if (typeof value !== 'object' || value === null) return value
  const copy = Object.fromEntries(Object.entries(value).map(([name, below]) => [name, watched(below, seen)]))
  return new Proxy(copy, {
    getOwnPropertyDescriptor(target, name) {
      seen.count++
      return Reflect.getOwnPropertyDescriptor(target, name)
    },
  }) as T
}

function answer(pattern: unknown, event: object): boolean | 'undecided' {
  try {
    return compilePattern(pattern).matches(event)
  } catch (error) {
    if (error instanceof RecordcastError && error.code === 'filter-undecided') return 'undecided'
    throw error
  }
}

describe('a pattern within the limits', () => {
  test('takes no more than its steps on any event, and reads no more of it than they allow', () => {
    const counts = { true: 0, false: 0, undecided: 0 }
    fc.assert(
      fc.property(hostilePattern, hostileEvent, (pattern, event) => {
        const given = answer(pattern, event)
        counts[`${given}`]++
        const cost = compilePattern(pattern).cost(event)
        expect(cost <= limits.steps).toBe(given !== 'undecided')
        const seen = { count: 0 }
        expect(answer(pattern, watched(event, seen))).toBe(given)
        expect(seen.count * steps.name).toBeLessThanOrEqual(Math.min(cost, limits.steps) + 1000)

        const matcher = createMatcher<string>()
        matcher.add('key', pattern)
        let undecided = false
        const found = matcher.match(event, () => {
          undecided = true
        })
        if (undecided) expect(found).toEqual(['key'])
        else if (given !== 'undecided') expect(found).toEqual(given ? ['key'] : [])
      }),
      {
        numRuns: 12,
        examples: [
          [{ a: times(60, (at) => ({ wildcard: `*x*y${at}*` })) }, { a: 'z'.repeat(100_000) }],
          [{ a: { f0: [1], f1: [2] } }, { a: times(100, (at) => ({ f0: at, f1: at })) }],
        ],
      },
    )
    expect(Math.min(counts.false, counts.undecided)).toBeGreaterThan(0)
  })

  test('that would take more is undecided, in the index as well, and says so', () => {
    const pattern = { a: times(64, (at) => ({ wildcard: `*x*y${at}*` })) }
    const event = { a: 'z'.repeat(1_000_000) }
    expect(() => compilePattern(pattern).matches(event)).toThrow(
      expect.objectContaining({ code: 'filter-undecided', expected: `an answer within ${limits.steps} steps` }),
    )
    const matcher = createMatcher<string>()
    matcher.add('costly', pattern)
    matcher.add('cheap', { b: [{ exists: false }] })
    matcher.add('no', { b: [1] })
    const undecided: string[] = []
    expect(matcher.match(event, (key) => undecided.push(key))).toEqual(['costly', 'cheap'])
    expect(undecided).toEqual(['costly'])
  })

  test('is undecided with all others on an event that is too long to be read', () => {
    const matcher = createMatcher<string>()
    matcher.add('one', { a: { b: [1] } })
    matcher.add('other', { c: [1] })
    const undecided: string[] = []
    expect(matcher.match({ a: times(300_000, () => ({ b: 0 })) }, (key) => undecided.push(key))).toEqual([
      'one',
      'other',
    ])
    expect(undecided.sort()).toEqual(['one', 'other'])
    expect(matcher.match({ a: [{ b: 1 }] })).toEqual(['one'])
  })

  test('may name so many values, each once for every conjunction; over it the score is told', () => {
    const leaf = (count: number) => times(count, (at) => `v${at}`)
    const pattern = (count: number) => ({ a: leaf(1000), b: leaf(count), $or: times(5, (at) => ({ c: [at] })) })
    compilePattern(pattern(999))
    expect(() => compilePattern(pattern(1000))).toThrow(
      expect.objectContaining({
        code: 'pattern-too-complex',
        found: '10005',
        expected: expect.stringContaining('at most 10000 '),
      }),
    )
  })
})
