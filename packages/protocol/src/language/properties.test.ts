import fc from 'fast-check'
import { expect, test } from 'vitest'
import { RecordcastError } from '../errors/index.js'
import { compileAtom, compileAttribute, compileSelection, digestOf, unionOf } from './index.js'

const names = [
  'a',
  'a',
  'a',
  'a',
  'b',
  'b',
  'b',
  'id',
  'id',
  '"a b"',
  '__proto__',
  'constructor',
  '"true"',
  '"0"',
  '"a.b"',
  '""',
  'é',
]
const space = fc.constantFrom('', '', '', ' ', '\n')
const literal = fc.oneof(
  fc.constantFrom('true', 'false', 'null', "''", "'it''s'", '0', '-0', '1.50', '1E3', '"true"', '"1"'),
  fc.double({ noNaN: true, noDefaultInfinity: true }).map((number) => JSON.stringify(number)),
)

/** Expressions as people might write them: spaced, nested, with aliases, every root and scalar. */
const { expression } = fc.letrec<{ expression: string; access: string; tail: string; field: string }>((tie) => ({
  expression: fc
    .tuple(
      fc.array(tie('access'), { minLength: 1, maxLength: 3 }),
      fc.option(literal, { nil: undefined, freq: 2 }),
      space,
    )
    .map(([alternatives, end, gap]) => [...alternatives, ...(end === undefined ? [] : [end])].join(`${gap}!${gap}`)),
  access: fc.oneof(
    { weight: 1, arbitrary: fc.constantFrom('$changed', '$changed[]', '$changed [ ] ?str') },
    {
      weight: 9,
      arbitrary: fc
        .tuple(
          fc.constantFrom('', '', '', '', '', '', '$before.', '$event .'),
          fc.array(fc.tuple(fc.constantFrom(...names), fc.constantFrom('', '', '', '', '', '[]', ' [ ]')), {
            minLength: 1,
            maxLength: 3,
          }),
          fc.option(tie('tail'), { freq: 2, nil: '', maxDepth: 2 }),
          fc.constantFrom('', '', '', '', '', '?str', '?num', '?bool', '?json', '?id'),
          space,
        )
        .map(([root, steps, tail, scalar, gap]) => {
          return root + steps.map(([name, list]) => name + list).join(`${gap}.${gap}`) + gap + tail + gap + scalar
        }),
    },
  ),
  tail: fc
    .tuple(fc.array(tie('field'), { minLength: 1, maxLength: 2 }), fc.constantFrom('', ','), space)
    .map(([fields, comma, gap]) => `{${gap}${fields.join(`,${gap}`)}${comma}${gap}}`),
  field: fc
    .tuple(fc.option(fc.constantFrom('k', 'l', 'm', ...names), { nil: undefined }), tie('expression'), space)
    .map(([alias, text, gap]) => (alias === undefined ? text : `${alias}${gap}:${gap}${text}`)),
}))

const key = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom('a', 'b', 'id') },
  { weight: 1, arbitrary: fc.constantFrom('a b', '__proto__', 'constructor', 'true', '0', 'a.b', '', 'é') },
)
const { record } = fc.letrec<{ record: Record<string, unknown>; value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    {
      weight: 2,
      arbitrary: fc.constantFrom(null, undefined, true, false, 'true', '', '12', ' 1e2', 'x', 0, 1, 2.5, Number.NaN),
    },
    { weight: 3, arbitrary: tie('record') },
    { weight: 2, arbitrary: fc.array(tie('value'), { maxLength: 3 }) },
  ),
  record: fc
    .tuple(tie('value'), tie('value'), fc.array(fc.tuple(key, tie('value')), { maxLength: 4 }))
    .map(([a, b, entries]) => Object.fromEntries([['a', a], ['b', b], ...entries]) as Record<string, unknown>),
}))
const context = fc.record({
  before: fc.option(record),
  changed: fc.array(key, { maxLength: 3 }),
  event: record,
})

/** undefined for the few combinations that are refused: two fields of one name, too many steps. */
function compiled(text: string) {
  try {
    return compileAttribute(text)
  } catch (error) {
    if (error instanceof RecordcastError && /"[^"]*" already|steps/.test(error.message + error.expected))
      return undefined
    throw error
  }
}

const runs = { numRuns: 2000 }

test('most of the expressions generated here are taken', () => {
  const texts = fc.sample(expression, 1000)
  expect(texts.filter((text) => compiled(text) !== undefined).length).toBeGreaterThan(900)
  expect(texts.filter((text) => text.includes('{')).length).toBeGreaterThan(200)
})

test('values are found often enough for the properties to mean something', () => {
  const reads = fc.sample(fc.tuple(expression, record, context), 1000)
  const found = reads.filter(([text, from, around]) => {
    const value = compiled(text)?.read(from, around)
    return value !== undefined && value !== null && (!Array.isArray(value) || value.length > 0)
  })
  expect(found.length).toBeGreaterThan(200)
})

test('printing what was parsed and parsing it again is the identity', () => {
  fc.assert(
    fc.property(expression, (text) => {
      const once = compiled(text)
      fc.pre(once !== undefined)
      expect(compileAttribute(once.canonical).canonical).toBe(once.canonical)
    }),
    runs,
  )
})

test('reading the canonical form gives what reading the original gives', () => {
  fc.assert(
    fc.property(expression, record, context, (text, from, around) => {
      const original = compiled(text)
      fc.pre(original !== undefined)
      expect(compileAttribute(original.canonical).read(from, around)).toEqual(original.read(from, around))
    }),
    runs,
  )
})

test('cutting from atoms gives what reading the expressions gives', () => {
  fc.assert(
    fc.property(fc.array(expression, { maxLength: 4 }), record, context, (texts, from, around) => {
      fc.pre(texts.every((text) => compiled(text) !== undefined))
      const named = Object.fromEntries(texts.map((text, index) => [`n${index}`, text]))
      const selection = compileSelection(named)
      const asked = new Set<string>()
      const { event, ...atSource } = around
      const data = selection.cut((atom) => {
        asked.add(atom)
        return compileAtom(atom).read(from, atSource)
      }, event)
      const direct = texts.map((text, index) => [`n${index}`, compileAttribute(text).read(from, around)])
      expect(data).toEqual(Object.fromEntries(direct))
      expect(selection.atoms).toEqual(expect.arrayContaining([...asked]))
    }),
    runs,
  )
})

test('cutting from atoms that travelled as JSON gives the same', () => {
  fc.assert(
    fc.property(expression, record, context, (text, from, around) => {
      const direct = compiled(text)
      fc.pre(direct !== undefined)
      const travelled = (atom: string) => JSON.parse(JSON.stringify(compileAtom(atom).read(from, around)))
      const data = compileSelection({ it: text }).cut(travelled, around.event)
      expect(JSON.stringify(data.it)).toBe(JSON.stringify(direct.read(from, around)))
    }),
    runs,
  )
})

test('a selection needs the union of what its names need, and every atom is its own only atom', () => {
  fc.assert(
    fc.property(fc.array(expression, { maxLength: 4 }), (texts) => {
      fc.pre(texts.every((text) => compiled(text) !== undefined))
      const selection = compileSelection(texts)
      expect(unionOf(...selection.names.map(selection.needs))).toEqual(selection.atoms)
      for (const atom of selection.atoms) expect(compileAtom(atom).text).toBe(atom)
    }),
    { numRuns: 500 },
  )
})

test('the union is commutative, associative and idempotent, and the digest follows the set', () => {
  const atoms = fc.array(fc.constantFrom('a', 'b', 'c', 'a.b', 'é', '"x y"'))
  fc.assert(
    fc.property(atoms, atoms, atoms, (a, b, c) => {
      expect(unionOf(a, b)).toEqual(unionOf(b, a))
      expect(unionOf(unionOf(a, b), c)).toEqual(unionOf(a, unionOf(b, c)))
      expect(unionOf(a, a)).toEqual(unionOf(a))
      expect(digestOf(a) === digestOf(b)).toBe(JSON.stringify(unionOf(a)) === JSON.stringify(unionOf(b)))
    }),
  )
})

const pieces = fc.constantFrom(
  ...['a', '.', '[', ']', '[]', '{', '}', ',', ':', '?', '?str', '!', '$', '$before', '$changed', "'", '"', '\\'],
  ...['0', '-', '1e', ' ', '\n', '\u0000', '\ud800', '\u2028', '💥', '__proto__', 'true', 'null', '\\u0041'],
)
const garbage = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 200 }),
  fc.array(pieces, { maxLength: 60 }).map((parts) => parts.join('')),
  fc.tuple(pieces, fc.integer({ min: 1, max: 5000 })).map(([piece, times]) => piece.repeat(times)),
  fc.tuple(pieces, pieces, fc.integer({ min: 1, max: 3000 })).map(([one, two, times]) => (one + two).repeat(times)),
  fc.tuple(expression, fc.nat(), pieces).map(([text, at, piece]) => {
    const place = at % (text.length + 1)
    return text.slice(0, place) + piece + text.slice(place)
  }),
)

/** Milliseconds of processor time so far: what else the machine does is no matter. */
const cpuMs = (): number => {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1000
}

/** Milliseconds of the fastest of a few tries, so that a busy machine does not count. */
function timed(run: () => void): number {
  let fastest = Number.POSITIVE_INFINITY
  for (let tries = 0; tries < 4 && fastest > 50; tries++) {
    const start = cpuMs()
    run()
    fastest = Math.min(fastest, cpuMs() - start)
  }
  return fastest
}

test('any text at all is either taken or refused with an expression code, within 50 ms', () => {
  let taken = 0
  let refused = 0
  const attempt = (text: string, from: unknown) => {
    try {
      const { canonical, read } = compileAttribute(text)
      read(from)
      expect(compileAttribute(canonical).canonical).toBe(canonical)
      taken++
    } catch (error) {
      if (!(error instanceof RecordcastError)) throw error
      expect(error.code).toMatch(/^expression-/)
      refused++
    }
  }
  fc.assert(
    fc.property(garbage, record, (text, from) => {
      expect(timed(() => attempt(text, from))).toBeLessThan(50)
    }),
    { numRuns: 5000 },
  )
  expect(Math.min(taken, refused)).toBeGreaterThan(200)
})
