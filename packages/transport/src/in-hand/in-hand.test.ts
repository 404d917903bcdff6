import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { InHandMap, InHandSet } from './index.js'

setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc') as (options?: { type: 'minor' }) => void

const steps = fc.array(fc.tuple(fc.constantFrom('add', 'delete', 'clear'), fc.nat(12)), { maxLength: 400 })

test('they hold what a Set and a Map would hold, in the same order', () => {
  fc.assert(
    fc.property(steps, (all) => {
      const [set, map] = [new InHandSet<number>(), new InHandMap<number, string>()]
      const [likeSet, likeMap] = [new Set<number>(), new Map<number, string>()]
      for (const [step, n] of all) {
        if (step === 'add') {
          set.add(n)
          likeSet.add(n)
          map.set(n, `${n}`)
          likeMap.set(n, `${n}`)
        } else if (step === 'delete') {
          expect(set.delete(n)).toBe(likeSet.delete(n))
          expect(map.delete(n)).toBe(likeMap.delete(n))
        } else if (n === 0) for (const each of [set, likeSet, map, likeMap]) each.clear()
        expect([set.has(n), set.size, map.has(n), map.get(n), map.size]).toEqual([
          likeSet.has(n),
          likeSet.size,
          likeMap.has(n),
          likeMap.get(n),
          likeMap.size,
        ])
      }
      expect([...set]).toEqual([...likeSet])
      expect(set.first).toBe([...likeSet][0])
      expect([map.keys(), map.values()]).toEqual([[...likeMap.keys()], [...likeMap.values()]])
      const seen: number[] = []
      map.each((_, key) => seen.push(key) < 3)
      expect(seen).toEqual([...likeMap.keys()].slice(0, 3))
    }),
  )
})

test('a loop may take away what it sees', () => {
  const set = new InHandSet<number>()
  for (let n = 0; n < 500; n++) set.add(n)
  const seen: number[] = []
  for (const n of set) {
    seen.push(n)
    set.delete(n)
  }
  expect([seen.length, set.size]).toEqual([500, 0])
})

test('what has gone is collected by the small collector, also when things have stood still before', () => {
  const [set, map] = [new InHandSet<object>(), new InHandMap<number, object>()]
  set.add({})
  map.set(-1, {})
  // Whatever is there grows old.
  for (let n = 0; n < 3; n++) collect()
  const before = process.memoryUsage().heapUsed
  const rounds = 200
  for (let round = 0; round < rounds; round++) {
    const entries = Array.from({ length: 40 }, () => ({ kilobytes: new Array(500).fill(round) }))
    for (const [n, entry] of entries.entries()) {
      set.add(entry)
      map.set(n, entry)
    }
    for (const [n, entry] of entries.entries()) {
      set.delete(entry)
      map.delete(n)
    }
  }
  for (let n = 0; n < 3; n++) collect({ type: 'minor' })
  // 40 entries of 4 KB a round; with a Set and a Map all of it, 32 MB, would be left.
  expect((process.memoryUsage().heapUsed - before) / 2 ** 20).toBeLessThan(8)
})
