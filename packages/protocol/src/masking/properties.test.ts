import fc from 'fast-check'
import { expect, test } from 'vitest'
import { compileAtom } from '../language/atom.js'
import { compileAttribute, compileSelection } from '../language/index.js'
import { maskData, maskRecord, sensitivityOf } from './index.js'

const names = ['a', 'a', 'a', 'b', 'b', 'b', 'id', '__proto__', 'a.b']
const name = fc.constantFrom(...names)
const printed = (each: string): string => (each === 'a.b' ? '"a.b"' : each)

/** A record whose leaves are texts that occur nowhere else. */
const { record } = fc.letrec<{ record: object; value: unknown }>((tie) => ({
  value: fc.oneof({ maxDepth: 3 }, fc.uuid(), tie('record'), fc.array(tie('value'), { maxLength: 3 })),
  record: fc.array(fc.tuple(name, tie('value')), { minLength: 2, maxLength: 5 }).map((entries) => {
    const made = {}
    for (const [key, value] of entries)
      Object.defineProperty(made, key, { value, enumerable: true, configurable: true })
    return made
  }),
}))

const path = fc.array(name, { minLength: 1, maxLength: 3 })

/** Expressions with tails, lists, roots, or-else and conversions. */
const { expression } = fc.letrec<{ expression: string; access: string; tail: string }>((tie) => ({
  expression: fc.array(tie('access'), { minLength: 1, maxLength: 2 }).map((all) => all.join('!')),
  access: fc
    .tuple(
      fc.constantFrom('', '', '', '$before.'),
      fc.array(fc.tuple(name, fc.constantFrom('', '[]')), { minLength: 1, maxLength: 3 }),
      fc.option(tie('tail'), { nil: '', freq: 2, maxDepth: 2 }),
      fc.constantFrom('', '', '', '?str', '?json', '?id'),
    )
    .map(
      ([root, steps, tail, scalar]) =>
        root + steps.map(([each, list]) => printed(each) + list).join('.') + tail + scalar,
    ),
  tail: fc
    .array(fc.tuple(fc.constantFrom('', 'k:', 'l:'), tie('expression')), { minLength: 1, maxLength: 2 })
    .map((fields) => `{${fields.map((field) => field.join('')).join(',')}}`),
}))

/** The texts in a value, each with the names that lead to it, lists passed over. */
function leaves(value: unknown, at: readonly string[] = []): [string, readonly string[]][] {
  if (typeof value === 'string') return [[value, at]]
  if (Array.isArray(value)) return value.flatMap((each) => leaves(each, at))
  return Object.entries(value as object).flatMap(([key, each]) => leaves(each, [...at, key]))
}

const startsWith = (names: readonly string[], path: readonly string[]): boolean =>
  path.every((each, index) => names[index] === each)

/** Everything that listeners could be sent for an expression: the expression's own value, and its atoms. */
function dataFor(text: string, after: object, before: object): Record<string, unknown> | undefined {
  try {
    const { canonical, read } = compileAttribute(text)
    const atoms = compileSelection([text]).atoms.map(
      (atom) => [atom, compileAtom(atom).read(after, { before })] as const,
    )
    return Object.fromEntries([[canonical, read(after, { before })], ...atoms])
  } catch {
    return undefined
  }
}

test('no sensitive value survives, whatever the expression that carries it', () => {
  let hidden = 0
  fc.assert(
    fc.property(
      record,
      record,
      fc.array(path, { minLength: 1, maxLength: 3 }),
      expression,
      (after, before, paths, text) => {
        const data = dataFor(text, after, before)
        fc.pre(data !== undefined)
        const shown = JSON.stringify(
          maskData(
            data!,
            paths.map((each) => each.map(printed).join('.')),
          ),
        )
        for (const [value, names] of [...leaves(after), ...leaves(before)]) {
          if (!paths.some((each) => startsWith(names, each))) continue
          if (JSON.stringify(data).includes(value)) hidden++
          expect(shown).not.toContain(value)
        }
      },
    ),
    { numRuns: 3000 },
  )
  expect(hidden).toBeGreaterThan(100)
})

test('of a record all but what is sensitive survives', () => {
  fc.assert(
    fc.property(record, fc.array(path, { maxLength: 3 }), (whole, paths) => {
      const tree = sensitivityOf(paths.map((each) => each.map(printed).join('.')))
      const shown = JSON.stringify(maskRecord(whole, tree))
      for (const [value, names] of leaves(whole)) {
        expect(shown.includes(value)).toBe(!paths.some((each) => startsWith(names, each)))
      }
    }),
    { numRuns: 2000 },
  )
})
