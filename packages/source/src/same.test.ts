import { expect, test } from 'vitest'
import { sameValue } from './same.js'

test('empty text, null, an empty list and an empty object are the same', () => {
  const empties = ['', null, undefined, [], {}]
  for (const a of empties) for (const b of empties) expect(sameValue(a, b)).toBe(true)
})

test('0 and -0 are the same; "1" and 1, 0 and null, false and null are not', () => {
  expect(sameValue(0, -0)).toBe(true)
  expect(sameValue('1', 1)).toBe(false)
  expect(sameValue(0, null)).toBe(false)
  expect(sameValue(false, null)).toBe(false)
})

test('lists and objects are compared by what they hold, an absent property as null', () => {
  expect(sameValue({ a: [1, { b: 'x' }] }, { a: [1, { b: 'x', c: null }] })).toBe(true)
  expect(sameValue([1, 2], [2, 1])).toBe(false)
  expect(sameValue({ a: 1 }, [1])).toBe(false)
})
