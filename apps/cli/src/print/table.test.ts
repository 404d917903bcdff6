import fc from 'fast-check'
import { expect, test } from 'vitest'
import { tableLines } from './table.js'
import { cut, visible, widthOf, wrap } from './text.js'

const plain = { tint: (text: string) => text }

test('columns are as wide as their widest cell, numbers to the right, an empty column left out', () => {
  const lines = tableLines(
    ['name', 'count', 'nothing', 'why'],
    [
      ['a', 1234, '', 'short'],
      ['long name', 5, '', { text: 'x', tone: 'bad' }],
    ],
    { width: 80, ...plain },
  )
  expect(lines).toEqual(['name       count  why', 'a          1,234  short', 'long name      5  x'])
})

test('where it is too wide the widest columns give way, the first last', () => {
  const row = ['notifier-of-everything', 'a'.repeat(60), 'b'.repeat(30), 7]
  const lines = tableLines(['listener', 'attributes', 'filter', 'n'], [row], { width: 60, ...plain })
  expect(lines[1]).toBe(`notifier-of-everything  ${'a'.repeat(14)}…  ${'b'.repeat(15)}…  7`)
  expect(lines.every((line) => line.length <= 60)).toBe(true)
})

test('wide letters and emoji keep the columns straight', () => {
  const lines = tableLines(
    ['a', 'b'],
    [
      ['日本', 'x'],
      ['👩‍👩‍👧', 'x'],
      ['ab', 'x'],
    ],
    { width: 80, ...plain },
  )
  expect(lines.map((line) => widthOf(line.slice(0, -1)))).toEqual([5, 5, 5, 5].map((n) => n + 1))
})

test('whatever stands in it, no line is wider than the terminal and none moves the cursor', () => {
  const text = fc.oneof(fc.string({ unit: 'binary', maxLength: 40 }), fc.string({ unit: 'grapheme', maxLength: 40 }))
  fc.assert(
    fc.property(
      fc.array(fc.tuple(text, text, fc.integer(), text)),
      fc.integer({ min: 30, max: 120 }),
      (rows, width) => {
        for (const line of tableLines(['one', 'two', 'n', 'three'], rows, { width, ...plain })) {
          expect(widthOf(line)).toBeLessThanOrEqual(width)
          // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
          expect(line).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/)
        }
      },
    ),
  )
})

test('a text is cut between letters as people see them', () => {
  expect(cut('👩‍👩‍👧👩‍👩‍👧', 3)).toBe('👩‍👩‍👧…')
  expect(cut('日本語', 4)).toBe('日…')
  expect(cut('abc', 3)).toBe('abc')
})

test('what a terminal would obey is written as an escape', () => {
  expect(visible('\u001b]0;x\u0007\u009b1m\u202egnp.exe\n')).toBe('\\u001b]0;x\\u0007\\u009b1m\\u202egnp.exe\\u000a')
})

test('a long sentence is broken between words', () => {
  expect(wrap('one two three', 7)).toEqual(['one two', 'three'])
  expect(wrap('incomprehensible', 4)).toEqual(['incomprehensible'])
})
