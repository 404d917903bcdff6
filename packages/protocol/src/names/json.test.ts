import fc from 'fast-check'
import { expect, test } from 'vitest'
import { deepestJson, encodeJson, parseJson } from './json.js'

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text)
const lists = (levels: number): string => '['.repeat(levels) + ']'.repeat(levels)
const objects = (levels: number): string => `${'{"a":'.repeat(levels)}1${'}'.repeat(levels)}`

test('what JSON can say comes back as it went', () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 8 }), (value) => {
      expect(parseJson(encodeJson(value))).toEqual(JSON.parse(JSON.stringify(value)))
    }),
  )
})

test('a document may have as many levels as are allowed and not one more', () => {
  expect(parseJson(bytes(lists(deepestJson)))).toBeInstanceOf(Array)
  expect(parseJson(bytes(objects(deepestJson)))).toBeInstanceOf(Object)
  expect(() => parseJson(bytes(lists(deepestJson + 1)))).toThrow(RangeError)
  expect(() => parseJson(bytes(objects(deepestJson + 1)))).toThrow(RangeError)
})

test('brackets within texts are no levels, and those after them are', () => {
  const text = `${'[{'.repeat(deepestJson)}\\"\\\\`
  expect(parseJson(encodeJson({ [text]: [text, text] }))).toEqual({ [text]: [text, text] })
  expect(() => parseJson(bytes(`[${JSON.stringify(text)},${lists(deepestJson)}]`))).toThrow(RangeError)
})

test('many levels side by side are not deep', () => {
  expect(
    parseJson(
      bytes(
        `[${Array(1000)
          .fill(lists(deepestJson - 1))
          .join(',')}]`,
      ),
    ),
  ).toHaveLength(1000)
})
