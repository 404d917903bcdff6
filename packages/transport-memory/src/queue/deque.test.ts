import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Deque } from './deque.js'
import { type Due, Heap } from './heap.js'

test('a deque does what an array does', () => {
  const operation = fc.oneof(
    { weight: 3, arbitrary: fc.constant('push' as const) },
    { weight: 2, arbitrary: fc.constant('shift' as const) },
    { weight: 1, arbitrary: fc.constant('unshift' as const) },
  )
  fc.assert(
    fc.property(fc.array(operation, { maxLength: 300 }), (operations) => {
      const deque = new Deque<number>()
      const model: number[] = []
      for (const [n, verb] of operations.entries()) {
        if (verb === 'shift') expect(deque.shift()).toBe(model.shift())
        else {
          deque[verb](n)
          model[verb](n)
        }
        expect(deque.length).toBe(model.length)
        expect(deque.at(0)).toBe(model[0])
        expect(deque.at(model.length - 1)).toBe(model.at(-1))
      }
      expect(Array.from({ length: deque.length }, (_, index) => deque.at(index))).toEqual(model)
    }),
  )
})

test('a deque that was long is empty and usable again', () => {
  const deque = new Deque<number>()
  for (let n = 0; n < 100_000; n++) deque.push(n)
  let wrong = 0
  for (let n = 0; n < 100_000; n++) if (deque.shift() !== n) wrong++
  expect(wrong).toBe(0)
  deque.unshift(1)
  deque.push(2)
  expect([deque.shift(), deque.shift(), deque.shift()]).toEqual([1, 2, undefined])
})

test('a heap gives back what is due soonest, and of equals the one that came first', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(20)), (dues) => {
      const heap = new Heap<Due>()
      for (const [order, due] of dues.entries()) heap.push({ due, order })
      const sorted = dues.map((due, order) => ({ due, order })).sort((a, b) => a.due - b.due || a.order - b.order)
      for (const expected of sorted) {
        expect(heap.peek()).toEqual(expected)
        expect(heap.pop()).toEqual(expected)
      }
      expect(heap.pop()).toBeUndefined()
      expect(heap.length).toBe(0)
    }),
  )
})
