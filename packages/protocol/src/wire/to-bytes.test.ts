import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { toBytes } from './to-bytes.js'

const small = fc.string({ unit: 'binary', maxLength: 40 })
const repeated = fc.tuple(small, fc.integer({ min: 0, max: 200 })).map(([text, times]) => text.repeat(times))

describe('texts as bytes', () => {
  test('each is what Buffer makes of it, side by side or not, small or large', () => {
    const property = fc.property(fc.array(fc.oneof(small, repeated), { maxLength: 12 }), (texts) => {
      expect(toBytes(texts)).toEqual(texts.map((text) => new Uint8Array(Buffer.from(text))))
    })
    fc.assert(property, { numRuns: 300 })
  })

  test('what was written stays when more is written, wherever a piece of memory ends', () => {
    const texts = Array.from({ length: 3000 }, (_, index) =>
      ['a', 'é', '☃', '𝄞', '\ud800'][index % 5]!.repeat(index % 23),
    )
    const written = texts.map((text) => [...toBytes([text, '}'])])
    for (const [index, [bytes, end]] of written.entries()) {
      expect(Buffer.from(bytes!).equals(Buffer.from(texts[index]!))).toBe(true)
      expect(end).toEqual(new Uint8Array([125]))
    }
  })
})
