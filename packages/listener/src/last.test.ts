import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Last } from './last.js'

test('exactly the last keys that were set are there, whatever was set again or deleted in between', () => {
  const step = fc.record({ key: fc.constantFrom(...'abcdefgh'), drop: fc.boolean() })
  fc.assert(
    fc.property(fc.array(step, { maxLength: 200 }), fc.integer({ min: 1, max: 5 }), (steps, most) => {
      const last = new Last<number>(most)
      let model: [string, number][] = []
      for (const [at, { key, drop }] of steps.entries()) {
        model = model.filter(([other]) => other !== key)
        if (drop) last.delete(key)
        else {
          last.set(key, at)
          model = [...model, [key, at] as [string, number]].slice(-most)
        }
        expect([...'abcdefgh'].map((each) => last.get(each))).toEqual(
          [...'abcdefgh'].map((each) => new Map(model).get(each)),
        )
        expect(last.size).toBe(model.length)
      }
    }),
  )
})
