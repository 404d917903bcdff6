import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { compilePattern, explain, prune, splitPattern } from './index.js'
import { someEvent, somePattern } from './testdata/arbitraries.js'

const names = fc.uniqueArray(fc.constantFrom('a', 'b', 'c', '$before', '__proto__'), { minLength: 1, maxLength: 3 })

describe('prune', () => {
  test('keeps the answer of every pattern that reads only the fields kept', () => {
    fc.assert(
      fc.property(somePattern, somePattern, someEvent, (pattern, other, event) => {
        const { matches, paths } = compilePattern(pattern)
        const pruned = prune(event, paths)
        expect(matches(pruned)).toBe(matches(event))
        expect(matches(prune(event, [...compilePattern(other).paths, ...paths]))).toBe(matches(event))
        expect(prune(pruned, paths)).toEqual(pruned)
      }),
      { numRuns: 2000 },
    )
  })

  test('leaves out what is not read and keeps lists and spelling', () => {
    const event = { a: [{ b: 1, c: 2 }, { c: 3 }, 'x', [{ b: null }]], 'd.e': { f: 1, g: 2 }, h: 1 }
    expect(
      prune(event, [
        ['a', 'b'],
        ['d', 'e', 'f'],
      ]),
    ).toEqual({ a: [{ b: 1 }, [{ b: null }]], 'd.e': { f: 1 } })
    expect(prune({ h: 1 }, [['a']])).toEqual({})
  })

  test('keeps __proto__ as an ordinary name', () => {
    const pruned = prune(JSON.parse('{"__proto__":{"a":1},"b":1}'), [['__proto__', 'a']])
    expect(JSON.stringify(pruned)).toBe('{"__proto__":{"a":1}}')
    expect(Object.getPrototypeOf(pruned)).toBe(Object.prototype)
  })
})

describe('splitPattern', () => {
  test('keeps a part that holds whenever the whole does and reads nothing later', () => {
    let left = 0
    fc.assert(
      fc.property(somePattern, names, someEvent, (pattern, later, event) => {
        const isLater = (name: string) => new Set<string>(later).has(name)
        const { now, later: more } = splitPattern(pattern, isLater)
        if (!more) expect(now).toBe(pattern)
        if (now === undefined) return
        if (more) left++
        const part = compilePattern(now)
        expect(part.paths.filter(([name]) => isLater(name ?? ''))).toEqual([])
        if (compilePattern(pattern).matches(event)) expect(part.matches(event)).toBe(true)
        if (!more) expect(part.matches(event)).toBe(compilePattern(pattern).matches(event))
      }),
      { numRuns: 3000 },
    )
    expect(left).toBeGreaterThan(100)
  })

  test.each<[fact: string, pattern: unknown, now: unknown, later: boolean]>([
    ['later fields go', { state: ['open'], owner: { name: ['Ann'] } }, { state: ['open'] }, true],
    ['a dotted later field goes', { state: ['open'], 'owner.name': ['Ann'] }, { state: ['open'] }, true],
    [
      'an $or with a later field goes as a whole',
      { $or: [{ a: [1] }, { b: [1], owner: { id: [1] } }] },
      undefined,
      true,
    ],
    [
      'an $or without one stays',
      { $or: [{ a: [1] }, { b: [1] }], owner: [1] },
      { $or: [{ a: [1] }, { b: [1] }] },
      true,
    ],
    ['what such an $or replaces goes with it', { a: [1], $or: [{ a: [2] }, { owner: [1] }] }, undefined, true],
    ['nothing goes where nothing is later', { a: [1] }, { a: [1] }, false],
  ])('%s', (_, pattern, now, later) => {
    expect(splitPattern(pattern, (name) => name === 'owner')).toEqual({ now, later })
  })
})

describe('explain', () => {
  test('gives the answer of the pattern, and a matching event leaves a branch with all leaves held', () => {
    fc.assert(
      fc.property(somePattern, someEvent, (pattern, event) => {
        const told = explain(pattern, event)
        expect(told.matches).toBe(compilePattern(pattern).matches(event))
        if (told.matches) expect(told.leaves.some(({ held, replaced }) => held && !replaced)).toBe(true)
        if (told.leaves.every(({ held }) => held) && !told.matches) expect(told.onlyInDifferentElements).toBe(true)
      }),
      { numRuns: 1000 },
    )
  })

  test('says for every leaf the field, what was wanted, what was found and whether it held', () => {
    const pattern = {
      state: ['closed'],
      owner: { name: [{ prefix: 'oct' }] },
      $or: [{ label: ['bug'] }, { size: [{ exists: false }] }],
    }
    expect(explain(pattern, { state: 'open', owner: [{ name: 'octo' }, { name: 'Ann' }], size: 3 })).toEqual({
      matches: false,
      onlyInDifferentElements: false,
      leaves: [
        { path: ['state'], pointer: '/state', wanted: ['closed'], found: ['open'], held: false },
        {
          path: ['owner', 'name'],
          pointer: '/owner/name',
          wanted: [{ prefix: 'oct' }],
          found: ['octo', 'Ann'],
          held: true,
        },
        { path: ['label'], pointer: '/$or/0/label', branch: '/$or/0', wanted: ['bug'], found: [], held: false },
        {
          path: ['size'],
          pointer: '/$or/1/size',
          branch: '/$or/1',
          wanted: [{ exists: false }],
          found: [3],
          held: false,
        },
      ],
    })
  })

  test('tells leaves that hold only in different elements of a list', () => {
    const told = explain(
      { parts: { n: [1], s: ['y'] } },
      {
        parts: [
          { n: 1, s: 'x' },
          { n: 2, s: 'y' },
        ],
      },
    )
    expect(told.leaves.map(({ held }) => held)).toEqual([true, true])
    expect([told.matches, told.onlyInDifferentElements]).toEqual([false, true])
  })

  test('marks a leaf that another one replaces', () => {
    const [first, second] = explain({ 'a.b': [1], a: { b: [2] } }, { a: { b: 2 } }).leaves
    expect([first?.replaced, second?.replaced]).toEqual([true, undefined])
  })
})
