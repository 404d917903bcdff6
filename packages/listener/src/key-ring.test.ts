import fc from 'fast-check'
import { expect, test } from 'vitest'
import { KeyRing } from './key-ring.js'

test('holds the last few of any sequence of keys, each where it was put last', () => {
  const keys = fc.array(fc.oneof(fc.string({ maxLength: 2 }), fc.nat(40).map(String)), { maxLength: 200 })
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 20 }), keys, (max, sequence) => {
      const ring = new KeyRing(max)
      for (const [index, key] of sequence.entries()) {
        expect(ring.put(key)).toBe(index % max)
        const last = sequence.slice(0, index + 1).lastIndexOf(key)
        expect(ring.find(key)).toBe(last % max)
      }
      for (const key of [...sequence, 'never put']) {
        const last = sequence.lastIndexOf(key)
        const isHere = last >= 0 && last >= sequence.length - max
        expect(ring.find(key)).toBe(isHere ? last % max : -1)
      }
    }),
  )
})

test('grows with what it holds, up to its limit, and loses nothing on the way', () => {
  const ring = new KeyRing(5000)
  for (let index = 0; index < 5000; index++) ring.put(`forge/${index}`)
  for (let index = 0; index < 5000; index++) expect(ring.find(`forge/${index}`)).toBe(index)
  for (let index = 5000; index < 12_000; index++) ring.put(`forge/${index}`)
  expect([6999, 7000, 11_999].map((index) => ring.find(`forge/${index}`))).toEqual([-1, 2000, 1999])
})
