import { RecordcastError } from '@recordcast/protocol/errors'
import { describe, expect, test } from 'vitest'
import { compilePattern } from './index.js'

const matches = (pattern: unknown, event: unknown) => compilePattern(pattern).matches(event)

function refusal(pattern: unknown): RecordcastError {
  try {
    compilePattern(pattern)
  } catch (error) {
    if (error instanceof RecordcastError) return error
    throw error
  }
  throw new Error(`accepted: ${JSON.stringify(pattern)}`)
}

describe('an event matches', () => {
  test.each<[fact: string, pattern: unknown, event: unknown, expected: boolean]>([
    ['a text is not a number', { a: [1] }, { a: '1' }, false],
    ['a number has one value however it is written', { a: [100] }, { a: 1e2 }, true],
    ['minus zero is zero', { a: [{ numeric: ['>=', 0] }] }, { a: -0 }, true],
    ['null is a value, not absence', { a: [{ exists: true }] }, { a: null }, true],
    ['an object is no value', { a: [{ exists: true }] }, { a: { b: 1 } }, false],
    ['an empty list is absence', { a: [{ exists: false }] }, { a: [] }, true],
    ['false is not absence', { a: [{ exists: false }] }, { a: false }, false],
    ['anything-but holds for values of other types', { a: [{ 'anything-but': 'x' }] }, { a: null }, true],
    ['anything-but wants the field to be there', { a: [{ 'anything-but': 'x' }] }, {}, false],
    ['a dotted key of a pattern is nesting', { 'a.b': [1] }, { a: { b: 1 } }, true],
    ['a dotted key of an event is nesting', { a: { b: { c: [1] } } }, { 'a.b': { c: 1 } }, true],
    ['lists within lists are transparent', { a: { b: [1] } }, { a: [[{ b: [[2], [[1]]] }]] }, true],
    ['a text that spells an address is compared as one', { a: ['::1'] }, { a: '0:0:0:0:0:0:0:1' }, true],
    ['exactly compares letter by letter', { a: [{ exactly: '::1' }] }, { a: '0:0:0:0:0:0:0:1' }, false],
    ['cidr takes IPv6', { a: [{ cidr: '2001:db8::/32' }] }, { a: '2001:DB8:ffff::1' }, true],
    ['cidr takes no text that is no address', { a: [{ cidr: '0.0.0.0/0' }] }, { a: 'host' }, false],
    ['sharp s in upper case is SS', { a: [{ 'equals-ignore-case': 'straße' }] }, { a: 'STRASSE' }, true],
    ['case is ignored beyond the basic plane', { a: [{ prefix: { 'equals-ignore-case': '𐐨' } }] }, { a: '𐐀x' }, true],
    ['an escaped asterisk is an asterisk', { a: [{ wildcard: 'x\\**' }] }, { a: 'x*y' }, true],
    ['parts of a wildcard do not overlap', { a: [{ wildcard: 'ab*ba' }] }, { a: 'aba' }, false],
    ['names of Object.prototype are ordinary', { constructor: [{ exists: true }] }, {}, false],
    ['__proto__ is an ordinary name', JSON.parse('{"__proto__":{"a":[1]}}'), JSON.parse('{"__proto__":{"a":1}}'), true],
    ['inherited properties are not read', { a: [1] }, Object.create({ a: 1 }), false],
    [
      'a dollar has no meaning in a name',
      { $before: { a: [1] }, $changed: ['a'] },
      { $before: { a: 1 }, $changed: ['a'] },
      true,
    ],
    ['only an object matches', { a: [{ exists: false }] }, ['x'], false],
    ['the last of two leaves for a field counts', { 'a.b': [1], a: { b: [2] } }, { a: { b: 2 } }, true],
    ['a leaf in $or takes the place of one before it', { a: [1], $or: [{ a: [2] }, { b: [3] }] }, { a: 2 }, true],
    ['a leaf after $or takes the place of one in it', { $or: [{ a: [2] }, { b: [3] }], a: [1] }, { a: 1 }, true],
    ['$or that cannot be one is a name', { $or: ['x'] }, { $or: 'x' }, true],
  ])('%s', (_, pattern, event, expected) => {
    expect(matches(pattern, event)).toBe(expected)
  })

  const parts = { parts: [{ n: 1, s: 'x' }, { n: 2, s: 'y' }, { s: 'z' }] }
  test.each<[fact: string, pattern: unknown, expected: boolean]>([
    ['fields under one list hold in the same element', { parts: { n: [2], s: ['y'] } }, true],
    ['fields under one list do not hold in two elements', { parts: { n: [1], s: ['y'] } }, false],
    [
      'absence before a field of the list concerns every element',
      { parts: { n: [{ exists: false }], s: ['z'] } },
      false,
    ],
    ['absence after a field of the list concerns its element', { parts: { n: [1], t: [{ exists: false }] } }, true],
  ])('%s', (_, pattern, expected) => {
    expect(matches(pattern, parts)).toBe(expected)
  })

  test('different lists are independent of each other', () => {
    const event = {
      a: [
        { x: 1, y: 1 },
        { x: 2, y: 2 },
      ],
      b: [{ x: 1, y: 2 }],
    }
    expect(matches({ a: { x: [2], y: [2] }, b: { x: [1], y: [2] } }, event)).toBe(true)
  })

  test('one list that stands at two places of an event is two lists', () => {
    const labels = [{ n: 1 }, { n: 2 }]
    expect(matches({ labels: { n: [1] }, $before: { labels: { n: [2] } } }, { labels, $before: { labels } })).toBe(true)
  })
})

describe('a pattern', () => {
  test('names the fields that it reads, each once', () => {
    const { paths } = compilePattern({ a: { b: [1] }, $or: [{ 'a.b': [2], c: [3] }, { c: [4] }] })
    expect(paths).toEqual([['a', 'b'], ['c']])
  })

  test('holds perhaps where a field could not be loaded', () => {
    const pattern = compilePattern({ state: ['open'], owner: { name: ['Ann'], gone: [{ exists: false }] } })
    const unknown = ([name]: readonly string[]) => name === 'owner'
    expect(pattern.matches({ state: 'open' })).toBe(false)
    expect(pattern.matches({ state: 'open' }, { unknown })).toBe(true)
    expect(pattern.matches({ state: 'closed' }, { unknown })).toBe(false)
  })

  test.each<[pattern: unknown, path: string, expected: string]>([
    [5, '', 'an object of fields'],
    [{}, '', 'at least one field'],
    [{ a: { b: {} } }, '/a/b', 'at least one field'],
    [{ a: 'x' }, '/a', 'a list of alternatives or an object of fields'],
    [{ a: ['x', []] }, '/a/1', 'a text, number, true, false, null or an operator'],
    [{ a: [Number.NaN] }, '/a/0', 'a text, number, true, false, null or an operator'],
    [{ 'a/b~': [{ prefix: 1 }] }, '/a~1b~0/0/prefix', 'a text'],
    [{ a: [{ numeric: ['>', 5, '<', 1] }] }, '/a/0/numeric/3', 'an upper bound greater than 5'],
    [{ a: [{ cidr: '10.0.0.1' }] }, '/a/0/cidr', 'an address, a slash and the number of fixed bits: "10.0.0.0/8"'],
    [{ a: [{ 'anything-but': ['x', 1] }] }, '/a/0/anything-but/1', 'texts only or numbers only'],
    [{ a: [{ 'anything-but': { prefix: [''] } }] }, '/a/0/anything-but/prefix/0', 'a text that is not empty'],
    [{ a: [{ wildcard: 'a**b' }] }, '/a/0/wildcard', 'no two asterisks in a row'],
    [{ a: [{ exists: 'yes' }] }, '/a/0/exists', 'true or false'],
    [{ a: [1], $or: [{ b: [1] }] }, '/$or', 'two or more patterns'],
    [{ $or: [{ b: [1] }, { c: 'x' }] }, '/$or/1/c', 'a list of alternatives or an object of fields'],
  ])('%j is refused at %j', (pattern, path, expected) => {
    const { code, message, ...error } = refusal(pattern)
    expect({ code, path: error.path, expected: error.expected }).toEqual({ code: 'invalid-pattern', path, expected })
    expect(message).toContain(expected)
  })

  const nest = (levels: number): unknown => (levels === 0 ? ['x'] : { a: nest(levels - 1) })
  const many = (count: number) => Array.from({ length: count }, (_, at) => `x${at}`)
  const pairs = (count: number) => Object.fromEntries(many(count).map((n) => [n, { $or: [{ a: [1] }, { b: [1] }] }]))
  test.each<[limit: string, within: unknown, beyond: unknown, actual: string]>([
    ['depth', nest(16), nest(17), '17'],
    [
      'leaves',
      Object.fromEntries(many(200).map((n) => [n, [1]])),
      Object.fromEntries(many(201).map((n) => [n, [1]])),
      '201',
    ],
    ['alternatives', { a: many(1000) }, { a: many(1001) }, '1001'],
    [
      'alternatives in anything-but',
      { a: [{ 'anything-but': many(1000) }] },
      { a: [{ 'anything-but': many(1001) }] },
      '1001',
    ],
    ['asterisks', { a: [{ wildcard: 'a*'.repeat(16) }] }, { a: [{ wildcard: 'a*'.repeat(17) }] }, '17'],
    ['conjunctions', pairs(6), pairs(7), '128'],
    [
      'scans',
      { a: many(64).map((wildcard) => ({ wildcard })) },
      { a: many(65).map((wildcard) => ({ wildcard })) },
      '65',
    ],
  ])('may go up to the limit of %s', (_, within, beyond, actual) => {
    compilePattern(within)
    const { code, found } = refusal(beyond)
    expect({ code, found }).toEqual({ code: 'pattern-too-complex', found: actual })
  })

  test('a pattern nested beyond the stack is refused like any deep one', () => {
    let pattern: unknown = ['x']
    for (let level = 0; level < 100_000; level++)
      pattern = level % 2 === 0 ? { a: pattern } : { $or: [pattern, { a: [1] }] }
    expect(refusal(pattern).code).toBe('pattern-too-complex')
  })
})

describe('a hostile event', () => {
  test('may be nested as deep as JSON gets', () => {
    const lists = JSON.parse(`{"a":${'['.repeat(10_000)}1${']'.repeat(10_000)}}`)
    const objects = JSON.parse(`${'{"a":'.repeat(10_000)}1${'}'.repeat(10_000)}`)
    expect(matches({ a: [1] }, lists)).toBe(false)
    expect(matches({ a: [1] }, { a: JSON.parse(`${'['.repeat(32)}1${']'.repeat(32)}`) })).toBe(true)
    expect(matches({ a: { a: [1] } }, objects)).toBe(false)
  })

  test('of long lists costs no product of their lengths', () => {
    const list = (odd: number) =>
      Array.from({ length: 2000 }, (_, at) => ({ [at % 2 === odd ? 'x' : 'y']: [{ z: 1 }, { w: 1 }] }))
    const event = Object.fromEntries(['a', 'b', 'c', 'd'].map((name) => [name, list(0)]))
    const wanted = { x: { z: [1] } }
    expect(matches({ a: wanted, b: wanted, c: wanted, d: { ...wanted, y: { w: [1] } } }, event)).toBe(false)
    expect(matches({ a: wanted, b: wanted, c: wanted, d: wanted }, event)).toBe(true)
  })

  test('that spells one name in many ways ends within its budget', () => {
    const list = (key: string) => Array.from({ length: 60 }, (_, at) => ({ [key]: 1, [`${key}${at}`]: 1 }))
    const spelt: Record<string, unknown> = {}
    for (const at of [1, 2, 3, 4, 5]) spelt[`${'a.'.repeat(at)}a`] = list(`p${at}`)
    const event = { ...spelt, a: { a: { a: { a: { a: { a: list('p0') } } } } } }
    const deep = (rest: object) => ({ 'a.a.a.a.a.a': rest })
    const pattern = deep({ p0: [1], p00: [1], p01: [1], p5: [1], p51: [1], p52: [1] })
    expect(matches(pattern, event)).toBe(false)
  })

  test('of one long text is searched once per part', () => {
    const value = 'a'.repeat(200_000)
    const wildcard = `*${`${'a'.repeat(40)}*`.repeat(14)}${'a'.repeat(40)}b*`
    expect(matches({ v: [{ wildcard }] }, { v: value })).toBe(false)
    expect(matches({ v: [{ wildcard }] }, { v: `${value}b` })).toBe(true)
  })
})
