import fc from 'fast-check'
import { expect, test } from 'vitest'
import { escapeName, namesIn, tokenOf, unescapeName } from './names.js'

const hostile = fc.oneof(
  fc.string({ unit: 'binary', minLength: 1, maxLength: 80 }),
  fc.string({
    unit: fc.constantFrom('.', '*', '>', ' ', '\t', '_', '-', 'a', 'A', '/', '\\', '%', 'é', '🔑', '2', 'e'),
    maxLength: 70,
  }),
)
const legal = /^[a-z0-9_-]*$/

test('a name that is escaped can be read back, and nothing else can', () => {
  fc.assert(
    fc.property(hostile, hostile, (one, other) => {
      const name = one.toWellFormed()
      expect(escapeName(name)).toMatch(legal)
      expect(unescapeName(escapeName(name))).toBe(name)
      const read = unescapeName(other)
      if (read !== undefined) expect(escapeName(read)).toBe(other)
    }),
  )
})

test('different names have different tokens, legal in streams, buckets and subjects, however long or odd they are', () => {
  const long = fc.tuple(hostile, fc.nat(300)).map(([name, more]) => name.padEnd(more, name || 'x'))
  fc.assert(
    fc.property(long, long, (one, other) => {
      const [a, b] = [one.toWellFormed(), other.toWellFormed()]
      expect(tokenOf(a).length).toBeLessThanOrEqual(120)
      expect(tokenOf(a)).toMatch(legal)
      expect(tokenOf(a) === tokenOf(b)).toBe(a === b)
    }),
  )
})

test('a name that looks like the token of another is another', () => {
  const long = 'x'.repeat(200)
  const names = ['a.b', 'a_2eb', 'a_5f2eb', long, tokenOf(long), escapeName(tokenOf(long)), 'A', 'a', 'e', 'E', '_45']
  expect(new Set(names.map((name) => tokenOf(name))).size).toBe(names.length)
})

test('queues, shelves and boards of any namespaces never share a stream', () => {
  fc.assert(
    fc.property(hostile, hostile, hostile, hostile, (space, name, otherSpace, otherName) => {
      const [here, there] = [namesIn(space.toWellFormed()), namesIn(otherSpace.toWellFormed())]
      const [a, b] = [name.toWellFormed(), otherName.toWellFormed()].map((each) => each.replaceAll('!', ''))
      const ours = [here.stream(a!), here.stream(`${a}!parked`), here.bucket(a!)]
      const theirs = [there.stream(b!), there.stream(`${b}!parked`), there.bucket(b!)]
      expect(new Set(ours).size).toBe(3)
      for (const each of ours) expect(each.length).toBeLessThanOrEqual(210)
      const same = space.toWellFormed() === otherSpace.toWellFormed() && a === b
      expect(ours.some((each) => theirs.includes(each))).toBe(same)
    }),
  )
})
