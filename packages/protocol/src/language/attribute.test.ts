import { expect, test } from 'vitest'
import { compileAttribute } from './index.js'

const record = {
  title: 'T',
  state: 'open',
  owner: { name: 'Ann', roles: ['x', 'y'] },
  tags: [],
  parts: [{ n: 1 }, { n: 2 }],
}
const context = {
  before: { state: 'closed' },
  changed: ['state'],
  event: { time: '2026-01-01T00:00:00Z' },
}

function read(text: string, from: unknown = record): unknown {
  return compileAttribute(text).read(from, context)
}

test.each([
  ['title', 'T'],
  ['miss', null],
  ['miss[]', []],
  ['tags', null],
  ['tags[]', []],
  ['owner.name', 'Ann'],
  ['owner.roles', 'x'],
  ['owner.roles[]', ['x', 'y']],
  ['$event.time', '2026-01-01T00:00:00Z'],
  ['$changed[]', ['state']],
  ['parts.n', 1],
  ['parts[].n', [1, 2]],
  ['parts[]{n}', [{ n: 1 }, { n: 2 }]],
  ['owner{name}', { name: 'Ann' }],
  ['owner{who:name,all:roles[]}', { who: 'Ann', all: ['x', 'y'] }],
  ['miss!0', 0],
  ["miss!'none'", 'none'],
  ['miss!title', 'T'],
  ['$before.state', 'closed'],
  ['owner?json', record.owner],
])('the table of the design: %s', (text, expected) => {
  expect(read(text)).toEqual(expected)
})

test.each([
  ['title[]', ['T']],
  ['title.x', null],
  ['title.length', null],
  ['title{x}', null],
  ['miss{x}', null],
  ['miss.a.b', null],
  ['miss.a[].b', []],
  ['owner', record.owner],
  ['parts', { n: 1 }],
  ['parts{n}', { n: 1 }],
  ['owner{roles[]}', { 'roles[]': ['x', 'y'] }],
  ['owner{ age ! 0 }', { 'age!0': 0 }],
  ['owner{n:nick!name}', { n: 'Ann' }],
  ['owner{s:$before.state,t:$event.time,name}', { s: 'closed', t: '2026-01-01T00:00:00Z', name: 'Ann' }],
  ['tags!title', 'T'],
  ['tags[]!title', []],
  ['miss!gone!true', true],
  ['miss!gone!null', null],
  ["miss!'it''s'", "it's"],
  ['miss!-1.5e2', -150],
  ['$changed', 'state'],
  ['$before.miss[]', []],
  ['$event.user', null],
])('silent cases of the design: %s', (text, expected) => {
  expect(read(text)).toEqual(expected)
})

test.each([
  ['n?str', { n: 1.5 }, '1.5'],
  ['b?str', { b: false }, 'false'],
  ['o?str', { o: { a: [1] } }, '{"a":[1]}'],
  ['d?str', { d: new Date(0) }, '1970-01-01T00:00:00.000Z'],
  ['n[]?str', { n: [1, null, 'x'] }, ['1', 'x']],
  ['o{a}?str', { o: { a: 1, b: 2 } }, '{"a":1}'],
  ['t?num', { t: ' 12.50 ' }, 12.5],
  ['t?num', { t: '-1e3' }, -1000],
  ['t?num', { t: '0x10' }, null],
  ['t?num', { t: '' }, null],
  ['t?num', { t: 'Infinity' }, null],
  ['t?num', { t: '1e999' }, null],
  ['t?num', { t: true }, null],
  ['t[]?num', { t: ['1', 'x', 2] }, [1, 2]],
  ['t?num!0', { t: 'x' }, 0],
  ['b?bool', { b: true }, true],
  ['b?bool', { b: 'false' }, false],
  ['b?bool', { b: 'yes' }, null],
  ['b?bool', { b: 1 }, null],
  ['o?id', { o: { id: 7 } }, '7'],
  ['o?id', { o: 7 }, '7'],
  ['o?id', { o: {} }, null],
  ['o?id', { o: { id: { x: 1 } } }, null],
  ['o[]?id', { o: [{ id: 'a' }, {}, 'b'] }, ['a', 'b']],
  ['o{id:login}?id', { o: { id: 1, login: 'ann' } }, 'ann'],
  ['o[]?json', { o: [{ a: 1 }] }, [{ a: 1 }]],
  ['n?str', { n: null }, null],
])('scalars: %s of %j is %j', (text, from, expected) => {
  expect(read(text, from)).toEqual(expected)
})

test.each([
  ['a', { a: [null, [], [[null, 'x']], 'y'] }, 'x'],
  ['a[]', { a: [null, [], [[null, 'x']], 'y'] }, ['x', 'y']],
  ['a[].b[]', { a: [{ b: [1] }, { b: null }, {}, { b: [[2], 3] }] }, [1, 2, 3]],
  ['a[].b', { a: [{ b: [1, 9] }, { b: null }, { b: 3 }] }, [1, 3]],
  ['a.b[]', { a: [{ b: [1, 2] }, { b: 3 }] }, [1, 2]],
  ['a.b', { a: [{}, { b: 2 }] }, null],
  ['a[]{b}', { a: [{ b: 1 }, 'x', null, {}] }, [{ b: 1 }, { b: null }]],
])('lists: %s of %j is %j', (text, from, expected) => {
  expect(read(text, from)).toEqual(expected)
})

test('only own properties are read', () => {
  expect(read('constructor')).toBe(null)
  expect(read('__proto__')).toBe(null)
  expect(read('owner.constructor.name')).toBe(null)
  expect(read('inherited', Object.create({ inherited: 1 }))).toBe(null)
})

test('__proto__ and constructor are ordinary keys', () => {
  const hostile = JSON.parse('{"o":{"__proto__":{"admin":true},"constructor":1}}')
  expect(read('o.__proto__.admin', hostile)).toBe(true)
  const result = read('o{__proto__,constructor}', hostile) as object
  expect(Object.keys(result).sort()).toEqual(['__proto__', 'constructor'])
  expect(Object.getPrototypeOf(result)).toBe(Object.prototype)
  expect('admin' in result).toBe(false)
})

test('every JSON key can be reached in double quotes', () => {
  const from = { 'a.b': { '': { 'say "hi"\n': 1 } }, '\ud800': 2, true: 3 }
  expect(read('"a.b"."" . "say \\"hi\\"\\n"', from)).toBe(1)
  expect(read('"\\ud800"', from)).toBe(2)
  expect(read('true', from)).toBe(3)
  expect(read('miss!"true"', from)).toBe(3)
  expect(read('miss!true', from)).toBe(true)
})

test.each([
  [' owner { who : name , all : roles [ ] , } ', 'owner{all:roles[],who:name}'],
  ['owner{name:name,"roles[]":roles[]}', 'owner{name,roles[]}'],
  ['"owner"."first name"', 'owner."first name"'],
  ['a{b{d,c}}', 'a{b{c,d}}'],
  ['a{x:b{d,c}}', 'a{x:b{c,d}}'],
  ['a!"true".b!"1st"!x', 'a!"true".b!"1st"!x'],
  ['a!1E+2', 'a!100'],
  ['a!-0', 'a!0'],
  ["a! 'it''s ' ", "a!'it''s '"],
  ['$before . a ?str', '$before.a?str'],
  ['$changed [ ]', '$changed[]'],
  ['"$changed"', '"$changed"'],
  ['"a\\"b"', 'a"b'],
  ['"\\"b"', '"\\"b"'],
  ['a{b,b}', 'a{b}'],
])('the canonical form of %s is %s', (text, canonical) => {
  expect(compileAttribute(text).canonical).toBe(canonical)
  expect(compileAttribute(canonical).canonical).toBe(canonical)
})

test('a value nested forty thousand lists deep is read without running out of stack', () => {
  const depth = 40_000
  const deep = JSON.parse(`{"a":${'['.repeat(depth)}1${']'.repeat(depth)}}`)
  expect(read('a', deep)).toBe(1)
  expect(read('a[]', deep)).toEqual([1])
})

test('without a context its roots are empty', () => {
  expect(compileAttribute('$before.a').read({})).toBe(null)
  expect(compileAttribute('$event.id').read({})).toBe(null)
  expect(compileAttribute('$changed[]').read({})).toEqual([])
  expect(compileAttribute('a').read(null)).toBe(null)
})
