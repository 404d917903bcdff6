import fc from 'fast-check'
import { expect, test } from 'vitest'
import { namesOf } from './names.js'

const name = fc.string({ unit: 'binary', minLength: 1, maxLength: 200 })
const hostile = fc.oneof(
  name,
  fc.constantFrom('a.b', 'a', 'b.a', '%61', 'A', 'é', '~', '*', '#', '>', '', 'a~b', 'x'.repeat(200), '世'.repeat(66)),
  fc.string({ unit: fc.constantFrom('a', '.', '%', '~', '6', '1', '界'), minLength: 1, maxLength: 200 }),
)

/** Every name that a namespace gives, with what it stands for. */
function all(namespace: string, given: string): [string, string][] {
  const names = namesOf(namespace)
  const [shelf, other] = [names.shelf(given), names.queue(`${given}!parked`)]
  expect(shelf).toBe(other)
  return [
    ['queue', names.queue(given)],
    ['shelf', shelf],
    ['board 0', names.board(given, 0)],
    ['board 1', names.board(given, 1)],
    ['pointer', names.pointer(given)],
    ['address', names.address(given)],
    ['rung', names.rung(250)],
    ['sink', names.sink],
  ]
}

const apart = (kind: string): boolean => kind !== 'rung' && kind !== 'sink'

test('different names, kinds and namespaces never meet on the broker', () => {
  const namespaces = fc.constantFrom('a', 'a.queue', 'A', '%61', 'a%2Equeue', 'amq', '%61mq', 'b')
  fc.assert(
    fc.property(namespaces, hostile, namespaces, hostile, (space, one, otherSpace, other) => {
      const seen = new Map<string, string>()
      for (const [namespace, given] of [
        [space, one],
        [otherSpace, other],
      ] as const) {
        if (given === '') continue
        for (const [kind, onBroker] of all(namespace, given)) {
          const meaning = JSON.stringify(apart(kind) ? [namespace, kind, given] : [namespace, kind])
          expect(seen.get(onBroker) ?? meaning).toBe(meaning)
          seen.set(onBroker, meaning)
        }
      }
    }),
    { numRuns: 500 },
  )
})

test('a name on the broker is ASCII, at most 255 bytes, and none of the broker’s own', () => {
  fc.assert(
    fc.property(hostile, (given) => {
      for (const [, onBroker] of all('amq', given || 'x')) {
        expect(onBroker).toMatch(/^[\x21-\x7e]{1,255}$/)
        expect(onBroker.startsWith('amq.')).toBe(false)
      }
    }),
  )
})

test('an ordinary name can be read on the broker', () => {
  expect(namesOf('recordcast').queue('billing/invoices.v2')).toBe('recordcast.queue.billing/invoices.v2')
  expect(namesOf('shop eu').shelf('käse')).toBe('shop%20eu.parked.k%C3%A4se')
})

test('a namespace that is empty or too long is refused', () => {
  for (const namespace of ['', 'x'.repeat(61), 'é'.repeat(11), 7 as unknown as string])
    expect(() => namesOf(namespace)).toThrow(expect.objectContaining({ code: 'invalid-argument' }))
})
