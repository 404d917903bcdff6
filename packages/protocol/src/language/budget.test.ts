import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { mostSteps } from './budget.js'
import { compileAtom, compileAttribute, compileSelection, Unavailable } from './index.js'

const times = <T>(length: number, make: (at: number) => T): T[] => Array.from({ length }, (_, at) => make(at))
const name = (at: number) => (at + 10).toString(36)

/** A record that counts how often one of its properties is read. */
function watched(value: unknown, seen: { count: number }): unknown {
  if (Array.isArray(value)) return value.map((each) => watched(each, seen))
  if (typeof value !== 'object' || value === null) return value
  const copy = Object.fromEntries(Object.entries(value).map(([key, below]) => [key, watched(below, seen)]))
  return new Proxy(copy, {
    getOwnPropertyDescriptor(target, key) {
      seen.count++
      return Reflect.getOwnPropertyDescriptor(target, key)
    },
  })
}

const tail = (fields: number, of: string) => `{${times(fields, (at) => `${name(at)}:${of}`).join()}}`
const hostileExpression = fc
  .tuple(
    fc.constantFrom('b', 'b[]', 'b?num', 'b?str', 'b.c[]', 'b[]{c,b[]}', 'x!y!z!0', 'b[].b[].c'),
    fc.integer({ min: 1, max: 250 }),
  )
  .chain(([of, fields]) => fc.constantFrom(`p${tail(fields, of)}`, `p[]${tail(fields, of)}`, `p[].${of}`))
const hostileRecord: fc.Arbitrary<object> = fc
  .tuple(fc.constantFrom(1, 20, 600), fc.constantFrom(1, 20, 60), fc.boolean())
  .map(([many, inner, deep]) => {
    const b = deep ? times(inner, (c) => ({ c, b: times(4, () => ({ c })) })) : '1'.repeat(inner * 100)
    return { p: times(many, (at) => ({ b, [`f${at}`]: at })) }
  })

describe('reading an expression', () => {
  test('reads no more than its budget allows, on any record', () => {
    const counts = { read: 0, refused: 0 }
    fc.assert(
      fc.property(hostileExpression, hostileRecord, (text, record) => {
        const attribute = compileAttribute(text)
        const seen = { count: 0 }
        const value = attribute.read(watched(record, seen))
        expect(seen.count).toBeLessThanOrEqual(mostSteps + 1000)
        if (value instanceof Unavailable) {
          counts.refused++
          expect(value.code).toBe('attribute-too-costly')
        } else {
          counts.read++
          expect(JSON.stringify(attribute.read(record)) === JSON.stringify(value)).toBe(true)
        }
      }),
      {
        numRuns: 30,
        examples: [
          [`p[]${tail(100, 'b[]')}`, { p: times(600, () => ({ b: '1' })) }],
          ['p[].b', { p: times(600, () => ({ b: '1' })) }],
        ],
      },
    )
    expect(Math.min(counts.read, counts.refused)).toBeGreaterThan(0)
  })

  test('that takes too much is a value that cannot be had, wherever it is read', () => {
    const record = { p: times(20_000, () => ({ a: 1 })), title: 'T' }
    const costly = { code: 'attribute-too-costly' }
    const text = `p[]{${times(40, name).join()}}`
    expect(compileAttribute(text).read(record)).toMatchObject(costly)
    expect(compileAtom(text).read(record)).toMatchObject(costly)
    const selection = compileSelection({ costly: `p[]${tail(40, 'a')}`, title: 'title' })
    const data = selection.cut((atom) => (atom === 'title' ? record.title : record.p))
    expect(data).toEqual({ costly: expect.objectContaining(costly), title: 'T' })
  })

  test('has a budget of its own each time, enough for long lists', () => {
    const record = { p: times(12_000, (n) => ({ n, text: 'x' })) }
    const attribute = compileAttribute('p[].n')
    for (let time = 0; time < 3; time++) expect(attribute.read(record)).toHaveLength(12_000)
    expect(compileAttribute('p[]{n,text}').read({ p: record.p.slice(0, 5000) })).toHaveLength(5000)
    expect(compileAttribute('p?str').read(record)).toMatch(/^\{"n":0/)
  })
})
