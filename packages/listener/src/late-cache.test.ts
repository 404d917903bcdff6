import { expect, test } from 'vitest'
import { lateCache } from './late-cache.js'

test('is empty before its first entry, and then keeps the latest of them', () => {
  const cache = lateCache<number>(2)
  expect([cache.size, cache.get('a'), cache.delete('a')]).toEqual([0, undefined, false])
  for (const [n, key] of ['a', 'b', 'c'].entries()) cache.set(key, n)
  expect([cache.size, cache.get('a'), cache.get('c'), cache.delete('b'), cache.size]).toEqual([
    2,
    undefined,
    2,
    true,
    1,
  ])
})
