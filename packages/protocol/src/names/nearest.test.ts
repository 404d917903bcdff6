import fc from 'fast-check'
import { expect, test } from 'vitest'
import { nearestNames } from './index.js'

const existing = [
  'id',
  'title',
  'state',
  'author',
  'authorAssociation',
  'body',
  'createdAt',
  'labels',
  'n',
  'repository',
]

test.each([
  ['auhtor', ['author']],
  ['titel', ['title']],
  ['Title', ['title']],
  ['stat', ['state']],
  ['lable', ['labels']],
  ['created_at', ['createdAt']],
  ['repo', ['repository']],
  ['authors', ['author']],
  ['authorAssoc', ['author', 'authorAssociation']],
  ['ID', ['id']],
  ['xq', []],
  ['x', []],
  ['', []],
  ['zzzzzz', []],
  ['nonsense', []],
  ['foo', []],
])('"%s" is answered with %o', (wanted, names) => {
  expect(nearestNames(wanted, existing)).toEqual(names)
})

test('the nearest comes first, and there are at most three, each once', () => {
  const names = ['statues', 'states', 'state', 'status', 'state', 'estates']
  expect(nearestNames('state', names)).toEqual(['state', 'states', 'estates'])
})

test('one typing error is always found', () => {
  const name = fc.string({ unit: fc.constantFrom(...'abcdefghij'), minLength: 3, maxLength: 60 })
  fc.assert(
    fc.property(name, fc.nat(), fc.constantFrom('drop', 'swap', 'double', 'other'), (right, place, kind) => {
      const at = place % (right.length - 1)
      const [before, one, two, after] = [right.slice(0, at), right[at], right[at + 1], right.slice(at + 2)]
      const mistakes = { drop: one, swap: `${two}${one}`, double: `${one}${one}${two}`, other: `${one}z` }
      expect(nearestNames(`${before}${mistakes[kind]}${after}`, ['qqqqqqqqqq', right])).toContain(right)
    }),
  )
})

test('hostile names take bounded work', () => {
  const long = 'ab'.repeat(1_000_000)
  let looked = 0
  const many = function* () {
    for (let index = 0; index < 1_000_000; index++) {
      looked++
      yield `ab${index}`.padEnd(64, 'ba')
    }
  }
  expect(nearestNames(long, [long])).toEqual([long])
  expect(nearestNames('ba'.repeat(1000), many())).toBeInstanceOf(Array)
  expect(looked).toBeLessThanOrEqual(1001)
})
