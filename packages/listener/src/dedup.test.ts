import { systemClock } from '@recordcast/transport'
import { expect, test } from 'vitest'
import { dedupKey, rememberHandled } from './dedup.js'

test('an event remembered when a virtual clock stands at zero is forgotten like any other', () => {
  let now = 0
  const store = rememberHandled({ ...systemClock, now: () => now }, 10, 1000)
  store.add('x')
  now = 1000
  expect(store.has('x')).toBe(true)
  now = 1001
  expect(store.has('x')).toBe(false)
})

test('the oldest is forgotten when there are more than max', () => {
  const store = rememberHandled(systemClock, 2, 1000)
  for (const key of ['a', 'b', 'c']) store.add(key)
  expect(['a', 'b', 'c'].map((key) => store.has(key))).toEqual([false, true, true])
})

test('one that is handled again after it was forgotten is as young as the others', () => {
  let now = 0
  const store = rememberHandled({ ...systemClock, now: () => now }, 2, 1000)
  store.add('a')
  now = 1001
  store.add('b')
  expect(store.has('a')).toBe(false)
  store.add('a')
  expect(['a', 'b'].map((key) => store.has(key))).toEqual([true, true])
  store.add('c')
  expect(['a', 'b', 'c'].map((key) => store.has(key))).toEqual([true, false, true])
})

test('no two pairs of source and id share a key', () => {
  expect(dedupKey({ source: 'a/b', id: 'c' })).not.toBe(dedupKey({ source: 'a', id: 'b/c' }))
})
