import fc from 'fast-check'
import { expect, test } from 'vitest'
import { quote } from './quote.js'

test('a text is quoted as JSON.stringify does it, whatever it holds and however long it is', () => {
  const unit = fc.constantFrom('grapheme', 'binary', 'binary-ascii')
  const units = fc.array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 80 })
  const text = fc.oneof(
    unit.chain((of) => fc.string({ unit: of as 'binary', maxLength: 80 })),
    // Halves of surrogate pairs as well.
    units.map((codes) => String.fromCharCode(...codes)),
  )
  fc.assert(fc.property(text, (each) => quote(each) === JSON.stringify(each)))
  for (let code = 0; code <= 0xffff; code++) {
    const each = String.fromCharCode(code)
    if (quote(each) !== JSON.stringify(each)) expect(quote(each)).toBe(JSON.stringify(each))
  }
})
