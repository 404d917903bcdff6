import { expect, test } from 'vitest'
import { columns } from './columns.js'
import { createOut, cut } from './out.js'

function captured(colour: boolean): { readonly text: () => string; readonly out: ReturnType<typeof createOut> } {
  const parts: string[] = []
  return { text: () => parts.join(''), out: createOut((part) => parts.push(part), { width: 100, colour }) }
}

test('columns are as wide as their widest cell, numbers to the right', () => {
  expect(
    columns(
      [
        ['name', 'n'],
        ['a', '12'],
      ],
      new Set([1]),
    ),
  ).toEqual(['name   n', 'a     12'])
})

test('a text that is too wide ends in an ellipsis, in the last column that is free', () => {
  expect(cut('abcdef', 6)).toBe('abcdef')
  expect(cut('abcdefg', 6)).toBe('abcde…')
})

test('a letter outside of the first plane is not cut in two', () => {
  expect(cut('ab\u{1f600}\u{1f600}', 3)).toBe('ab…')
  expect(cut('a\u{1f600}bc', 3)).toBe('a\u{1f600}…')
})

test('foreign text cannot move the cursor', () => {
  expect(cut('a\u001b[2Jb\nc\u009bd', 20)).toBe('a [2Jb c d')
})

test('without colour not one escape is printed, with it there are some', () => {
  const plain = captured(false)
  plain.out.heading('Head')
  plain.out.line(plain.out.good('fine'))
  expect(plain.text()).toBe('\nHead\nfine\n')
  const bright = captured(true)
  bright.out.heading('Head')
  expect(bright.text()).toContain('\u001b[1mHead')
})
