import { expect, test } from 'vitest'
import { RecordcastError } from '../errors/index.js'
import { compileAttribute, compileSelection } from './index.js'

function failure(run: () => unknown): RecordcastError {
  try {
    run()
  } catch (error) {
    if (error instanceof RecordcastError) return error
    throw error
  }
  throw new Error('nothing was refused')
}

function refusal(text: unknown): RecordcastError {
  return failure(() => compileAttribute(text as string))
}

test.each(['', ' ', '\n\t'])('%j is empty', (text) => {
  expect(refusal(text).code).toBe('expression-empty')
})

test.each([
  ['a.', 2, 'the end'],
  ['.a', 0, '.'],
  ['a..b', 2, '.'],
  ['a b', 2, 'b'],
  ['a[', 2, 'the end'],
  ['a[0]', 2, '0'],
  ['a[][]', 3, '['],
  ['a]', 1, ']'],
  ['a{', 2, 'the end'],
  ['a{}', 2, '}'],
  ['a{,}', 2, ','],
  ['a{b', 3, 'the end'],
  ['a{b,,c}', 4, ','],
  ['a{b}}', 4, '}'],
  ['a{b}.c', 4, '.'],
  ['a{b}{c}', 4, '{'],
  ['a{:b}', 2, ':'],
  ['a{x:}', 4, '}'],
  ['a{x:b,x:c}', 6, 'x'],
  ["a{x:'t'}", 4, "'"],
  ['a!', 2, 'the end'],
  ['a!!b', 2, '!'],
  ["a!'x", 2, "'"],
  ["a!'x'!b", 5, '!'],
  ['a!1!b', 3, '!'],
  ['a!01', 2, '0'],
  ['a!1e999', 2, '1'],
  ['a!1st', 2, '1'],
  ['a!true.b', 6, '.'],
  ['a?', 2, 'the end'],
  ['a?str?num', 5, '?'],
  ['a:b', 1, ':'],
  ["'a'", 0, "'"],
  ['"a', 0, '"'],
  ['"a\\x"', 0, '"'],
  ['$', 0, '$'],
  ['$nope.a', 0, '$'],
  ['$ before.a', 0, '$'],
  ['$before', 7, 'the end'],
  ['$event[]', 6, '['],
  ['$changed.a', 8, '.'],
  ['$changed{a}', 8, '{'],
  ['a.$before.b', 2, '$'],
])('%s is no expression, with the offending place', (text, position, found) => {
  const { code, expected, ...error } = refusal(text)
  expect({ code, position: error.position, found: error.found }).toEqual({ code: 'expression-syntax', position, found })
  expect(expected).toBeTruthy()
})

test.each([undefined, null, 7, {}, ['a'], Symbol('a')])('what is no text is refused: %s', (value) => {
  expect(refusal(value).code).toBe('expression-syntax')
})

test('an unknown scalar is named, with those that exist', () => {
  expect(refusal('a ?strr')).toMatchObject({ code: 'expression-unknown-scalar', position: 3, found: 'strr' })
  expect(refusal('a?toString').expected).toBe('one of ?str, ?num, ?bool, ?json, ?id')
})

test('16 steps are taken, 17 are not, wherever the braces stand', () => {
  const path = (steps: number) => Array.from({ length: steps }, () => 'a').join('.')
  expect(compileAttribute(path(16)).canonical).toBe(path(16))
  expect(refusal(path(17))).toMatchObject({ code: 'expression-too-deep', position: 32 })
  const nested = (steps: number) => `${'a{'.repeat(steps - 1)}a${'}'.repeat(steps - 1)}`
  expect(compileAttribute(nested(16)).canonical).toBe(nested(16))
  expect(refusal(nested(17)).code).toBe('expression-too-deep')
  expect(refusal(nested(1000)).code).toBe('expression-too-deep')
  expect(refusal('a{x:$before.'.repeat(300)).code).toBe('expression-too-deep')
})

test('16 alternatives are taken, 17 are not', () => {
  const chain = (length: number) => Array.from({ length }, () => 'a').join('!')
  expect(compileAttribute(`${chain(16)}!0`).canonical).toBe(`${chain(16)}!0`)
  expect(refusal(chain(17)).code).toBe('expression-too-deep')
  expect(refusal(chain(2000)).code).toBe('expression-too-deep')
})

test('4 KiB are taken, one byte more is not', () => {
  expect(compileAttribute('a'.repeat(4096)).canonical).toHaveLength(4096)
  expect(refusal('a'.repeat(4097)).code).toBe('expression-too-long')
  expect(refusal('ж'.repeat(2049)).code).toBe('expression-too-long')
  expect(refusal('a'.repeat(50_000_000)).code).toBe('expression-too-long')
  // Escapes make the canonical form longer than what was written.
  expect(refusal('\ud800'.repeat(1000)).code).toBe('expression-too-long')
})

test('256 expressions are taken, 257 are not', () => {
  const list = (length: number) => Array.from({ length }, (_, index) => `a${index}`)
  expect(compileSelection(list(256)).names).toHaveLength(256)
  expect(failure(() => compileSelection(list(257)))).toMatchObject({ code: 'too-many-expressions', path: 'attributes' })
})
