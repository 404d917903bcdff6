import { createMatcher } from '@recordcast/matcher'
import { expect, test } from 'vitest'
import { compileQuery } from './compile-query.js'
import { realEvents } from './events.js'
import { kinds, patternsOf, withAddress } from './kinds.js'
import { somePatterns } from './patterns.js'

test('both sides of the benchmark answer alike: every pattern, every real event', () => {
  const patterns = somePatterns(3000)
  const matcher = createMatcher<number>()
  for (const [key, pattern] of patterns.entries()) matcher.add(key, pattern)
  const queries = patterns.map(compileQuery)
  let found = 0
  for (const event of realEvents().filter((_, index) => index % 5 === 0)) {
    const expected = queries.flatMap((query, key) => (query(event) ? [key] : []))
    expect(matcher.match(event)).toEqual(expected)
    found += expected.length
  }
  expect(found).toBeGreaterThan(50)
})

test.each(kinds)('both sides answer alike where patterns have nothing but %s', (kind) => {
  const patterns = patternsOf(kind, 400)
  const matcher = createMatcher<number>()
  for (const [key, pattern] of patterns.entries()) matcher.add(key, pattern)
  const queries = patterns.map(compileQuery)
  const events = realEvents()
    .map(withAddress)
    .filter((_, index) => index % 5 === 0)
  for (const event of events) {
    expect(matcher.match(event)).toEqual(queries.flatMap((query, key) => (query(event) ? [key] : [])))
  }
})

test('the same number gives the same patterns', () => {
  expect(somePatterns(50)).toEqual(somePatterns(50))
})
