import { expect, test, vi } from 'vitest'
import { newEventId } from './index.js'

const uuidV7 = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/

/** A small generator with a seed (mulberry32): numbers from 0 inclusive to 1 exclusive. */
function seeded(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

test('an id is a UUIDv7, with and without a clock', () => {
  expect(newEventId()).toMatch(uuidV7)
  expect(newEventId(0, () => 0)).toMatch(uuidV7)
  expect(newEventId(Date.now(), () => 1 - Number.EPSILON)).toMatch(uuidV7)
})

test('ids of later milliseconds sort after those of earlier ones', () => {
  const random = seeded(1)
  const moments = [0, 1, 2, 255, 256, 65_536, 2 ** 32 - 1, 2 ** 32, 1_700_000_000_000, 1_700_000_000_001, 2 ** 47]
  const ids = moments.map((now) => newEventId(now, random))
  expect(ids.toSorted()).toEqual(ids)
})

test('the same clock and randomness give the same ids', () => {
  const make = (seed: number) => {
    const random = seeded(seed)
    return Array.from({ length: 20 }, (_, index) => newEventId(1000 + index, random))
  }
  expect(make(1)).toEqual(make(1))
  expect(make(1)).not.toEqual(make(2))
})

test('100,000 ids of one millisecond are all different', () => {
  const random = seeded(7)
  const ids = new Set<string>()
  for (let index = 0; index < 100_000; index++) ids.add(newEventId(1_700_000_000_000, random))
  for (let index = 0; index < 100_000; index++) ids.add(newEventId())
  expect(ids.size).toBe(200_000)
})

test('ids of one process are UUIDv7 and sort as they were made, also when a millisecond lasts long or the clock is set back', () => {
  vi.useFakeTimers({ now: Date.now() + 1000, toFake: ['Date'] })
  try {
    // More than the 4,096 blocks of 256 that one millisecond has room for.
    const ids = Array.from({ length: 1_100_000 }, () => newEventId())
    vi.setSystemTime(Date.now() - 500)
    ids.push(newEventId(), newEventId())
    vi.setSystemTime(Date.now() + 10_000)
    ids.push(newEventId())
    expect(ids.findIndex((id, at) => at > 0 && id <= ids[at - 1]!)).toBe(-1)
    expect(ids.findIndex((id) => !uuidV7.test(id))).toBe(-1)
    expect(Number.parseInt(ids.at(-1)!.replaceAll('-', '').slice(0, 12), 16)).toBe(Date.now())
  } finally {
    vi.useRealTimers()
  }
})
