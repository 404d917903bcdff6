import fc from 'fast-check'
import { expect, test } from 'vitest'
import { piecesOf } from './json-pieces.js'

test('the pieces together are what JSON.stringify gives', () => {
  const json = fc.jsonValue({ maxDepth: 6 }) as fc.Arbitrary<unknown>
  const large = fc.array(fc.dictionary(fc.string(), json, { maxKeys: 10 }), { maxLength: 60 })
  fc.assert(
    fc.property(fc.oneof(json, large), (value) => {
      expect([...piecesOf(value)].join('')).toBe(JSON.stringify(value))
    }),
  )
})

test('what is undefined is left out, and a prototype key stays', () => {
  const value = [...Array.from({ length: 100 }, () => ({ a: undefined, b: 1 })), JSON.parse('{"__proto__":{"x":1}}')]
  expect([...piecesOf(value)].join('')).toBe(JSON.stringify(value))
})

test('a large value comes in pieces that are each small', () => {
  const value = { items: Array.from({ length: 50_000 }, (_, index) => ({ index, name: `listener ${index}` })) }
  const pieces = [...piecesOf(value)]
  expect(pieces.join('')).toBe(JSON.stringify(value))
  expect(pieces.length).toBeGreaterThan(20)
  expect(Math.max(...pieces.map(({ length }) => length))).toBeLessThan(80_000)
})
