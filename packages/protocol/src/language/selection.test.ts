import { expect, test } from 'vitest'
import { compileAtom, compileSelection, digestOf, type Selection, Unavailable, unionOf } from './index.js'

function cutFrom(selection: Selection, record: unknown, event?: object): Record<string, unknown> {
  return selection.cut((atom) => compileAtom(atom).read(record), event)
}

test.each([
  ['owner{who:name,all:roles[]}!title', ['owner{name,roles[]}', 'title']],
  ["owner{n:name!'x'}", ['owner{name}']],
  ['owner{n:name!nick.first}', ['owner{name,nick.first}']],
  ['a?str!b?num!c?bool!d?json!e?id', ['a', 'b', 'c', 'd', 'e?id']],
  ['a{x:b?id,y:c?str}?id', ['a{b?id,c}']],
  ['$event.time!$before.a!$changed[]', ['$before.a', '$changed[]']],
  ['a{t:$event.time,s:$before.s}', ['$before.s', 'a{}']],
  ['a{x:b{p:q,r},y:b{r,q}}', ['a{b{q,r}}']],
  ['$event.id', []],
])('%s needs the atoms %j', (text, atoms) => {
  const selection = compileSelection({ it: text })
  expect(selection.atoms).toEqual(atoms)
  expect(selection.needs('it')).toEqual(atoms)
  for (const atom of atoms) expect(compileAtom(atom).text).toBe(atom)
})

test('what two listeners call an attribute makes no difference to its atoms', () => {
  const one = compileSelection({ who: 'owner{n:name,r:roles[]}', t: 'title' })
  const other = compileSelection([" title ! 'none'", 'owner { roles[], name }'])
  expect(one.atoms).toEqual(other.atoms)
  expect(digestOf(one.atoms)).toBe(digestOf(other.atoms))
})

test('a list names its expressions by their canonical form, a map by its keys', () => {
  expect(compileSelection([' owner . name ', 'title', 'owner.name']).names).toEqual(['owner.name', 'title'])
  expect(compileSelection({ b: 'x', a: 'x' }).names).toEqual(['b', 'a'])
  expect(compileSelection([]).atoms).toEqual([])
  expect(compileSelection(['a']).needs('b')).toEqual([])
})

test('names that the types promise are the names at run time (see data-of.test-d.ts)', () => {
  const written = [' labels [ ] { name , color } ', '"odd name"', 'size!"0"', 'author{b:team{name},a:id,login:login}']
  expect(compileSelection(written).names).toEqual([
    'labels[]{color,name}',
    '"odd name"',
    'size!"0"',
    'author{a:id,b:team{name},login}',
  ])
})

test('cut gives each name its value', () => {
  const record = { owner: { name: null, nick: 'A', roles: ['x'] }, parts: [{ n: '1' }, { n: 'x' }], repo: { id: 5 } }
  const selection = compileSelection({
    who: "owner{n:name!nick!'?',r:roles[],t:$event.time}",
    numbers: 'parts[].n?num',
    parts: 'parts[]{n:n?num!0}',
    repo: 'repo?id',
    text: 'repo?str',
    when: '$event.time',
    none: 'miss!false',
  })
  expect(cutFrom(selection, record, { time: 'now' })).toEqual({
    who: { n: 'A', r: ['x'], t: 'now' },
    numbers: [1],
    parts: [{ n: 1 }, { n: 0 }],
    repo: '5',
    text: '{"id":5}',
    when: 'now',
    none: false,
  })
})

test('the right side of an or-else is asked for only when the left is null', () => {
  const asked: string[] = []
  const { cut } = compileSelection({ a: 'x!y', b: 'y!z' })
  const values: Record<string, unknown> = { x: 1, y: null, z: 3 }
  const data = cut((atom) => {
    asked.push(atom)
    return values[atom]
  })
  expect(data).toEqual({ a: 1, b: 3 })
  expect(asked).toEqual(['x', 'y', 'z'])
})

test('what get throws is thrown on', () => {
  const broken = new Error('not there')
  const { cut } = compileSelection(['a'])
  expect(() =>
    cut(() => {
      throw broken
    }),
  ).toThrow(broken)
})

test('an Unavailable that get gives is the value of the names that need it', () => {
  const gone = new Unavailable('loader-failed', 'no')
  const { cut } = compileSelection({ a: 'x!y', b: 'y!x', c: 'y' })
  const data = cut((atom) => (atom === 'x' ? gone : 1))
  expect(data).toEqual({ a: gone, b: 1, c: 1 })
})

test('atom values of a shape that was not asked for do no harm', () => {
  const { cut } = compileSelection({ a: 'x[]', b: 'x', c: 'o{n}', d: 'o[]{n}' })
  const values: Record<string, unknown> = { 'x[]': 1, x: [2, 3], 'o{n}': 'text', 'o[]{n}': { n: [1, 2] } }
  expect(cut((atom) => values[atom])).toEqual({ a: [1], b: 2, c: null, d: [{ n: 1 }] })
})

test('a name may be __proto__', () => {
  const { cut } = compileSelection(JSON.parse('{"__proto__":"a"}'))
  const data = cut(() => ({ admin: true }))
  expect(Object.keys(data)).toEqual(['__proto__'])
  expect('admin' in data).toBe(false)
})

test('errors name the attribute', () => {
  const refuse = (attributes: unknown) => () => compileSelection(attributes as string[])
  expect(refuse({ who: 'owner{' })).toThrow(
    expect.objectContaining({ code: 'expression-syntax', path: 'attributes.who', position: 6, found: 'the end' }),
  )
  expect(refuse(['a', ''])).toThrow(expect.objectContaining({ code: 'expression-empty', path: 'attributes[1]' }))
  expect(refuse({ a: 7 })).toThrow(expect.objectContaining({ code: 'expression-syntax', path: 'attributes.a' }))
  expect(refuse(null)).toThrow(expect.objectContaining({ code: 'invalid-options' }))
  expect(refuse('title')).toThrow(expect.objectContaining({ code: 'invalid-options' }))
})

test('a union is sorted and holds each atom once', () => {
  expect(unionOf(['b', 'a'], ['c', 'a'])).toEqual(['a', 'b', 'c'])
  expect(unionOf()).toEqual([])
  expect(digestOf(['b', 'a'])).toBe(digestOf(['a', 'b']))
  expect(digestOf(['a'])).toMatch(/^[\w-]{16}$/)
  expect(digestOf(['a', 'b'])).not.toBe(digestOf(['a,b']))
})
