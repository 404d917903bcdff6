import { expect, test } from 'vitest'
import { compileAtom, compileAttribute, Linked, Unavailable } from './index.js'

const gone = new Unavailable('loader-timeout', 'took too long')

test('an atom tells its root and the names that it walks', () => {
  const atom = compileAtom(' repo { owner.login , id } ')
  expect(atom.text).toBe('repo{id,owner.login}')
  expect(atom.root).toBe('')
  const leaf = { names: new Map(), value: true, id: false }
  const owner = { names: new Map([['login', leaf]]), value: false, id: false }
  const repo = {
    names: new Map([
      ['id', leaf],
      ['owner', owner],
    ]),
    value: false,
    id: false,
  }
  expect(atom.names).toEqual({ names: new Map([['repo', repo]]), value: false, id: false })
})

test('an atom tells whether it ends in a value, in ?id or in the question whether anything is there', () => {
  expect(compileAtom('a.b?id').names.names.get('a')?.names.get('b')).toMatchObject({ id: true, value: false })
  expect(compileAtom('a{b?id,b}').names.names.get('a')?.names.get('b')).toMatchObject({ id: true, value: true })
  expect(compileAtom('a{}').names.names.get('a')).toMatchObject({ id: false, value: true })
  expect(compileAtom('$changed[]')).toMatchObject({ root: '$changed', names: { names: new Map() } })
  expect(compileAtom('$before.a').root).toBe('$before')
  expect(compileAtom('$event.id').root).toBe('$event')
})

test('an empty tail reads as an empty object where there is one', () => {
  expect(compileAtom('a{}').read({ a: { b: 1 } })).toEqual({})
  expect(compileAtom('a{}').read({ a: 1 })).toBe(null)
  expect(compileAtom('a[]{}').read({ a: [{}, null, { b: 1 }] })).toEqual([{}, {}])
})

test.each(['a!b', 'a!0', 'a{x:b}', 'a?str', 'a{b?num}', 'a{b!c}', 'a{$event.id}', 'a{b}?id', 'a{$before.b}'])(
  '%s is no atom',
  (text) => {
    expect(() => compileAtom(text)).toThrow(expect.objectContaining({ code: 'expression-syntax' }))
  },
)

test('a read goes on in the record of a link', () => {
  const owner = new Linked('o1', { login: 'ann', team: new Linked('t1', { name: 'core' }) })
  expect(compileAtom('owner.team.name').read({ owner })).toBe('core')
  expect(compileAtom('owner{login,team{name}}').read({ owner })).toEqual({
    login: 'ann',
    'team{name}': { name: 'core' },
  })
  expect(compileAtom('owner.team').read({ owner })).toEqual({ name: 'core' })
  expect(compileAtom('owner.login').read({ owner: new Linked('o2', null) })).toBe(null)
  expect(compileAtom('owner').read({ owner: new Linked('o2', null) })).toBe(null)
})

test('?id of a link is its key and does not touch the record', () => {
  const untouched = new Linked('k', null)
  const touch = () => {
    throw new Error('touched')
  }
  Object.defineProperty(untouched, 'record', { get: touch })
  expect(compileAtom('owner?id').read({ owner: untouched })).toBe('k')
  expect(compileAtom('owners[]?id').read({ owners: [untouched, { id: 2 }] })).toEqual(['k', '2'])
  expect(compileAtom('owner?id').read({ owner: new Linked('k', gone) })).toBe('k')
  expect(() => compileAtom('owner').read({ owner: untouched })).toThrow('touched')
})

test('a list may hold links; those without a record fall out of it', () => {
  const record = { users: [new Linked('1', { n: 'a' }), new Linked('2', null), new Linked('3', { n: 'c' })] }
  expect(compileAtom('users[].n').read(record)).toEqual(['a', 'c'])
  expect(compileAtom('users[]').read(record)).toEqual([{ n: 'a' }, { n: 'c' }])
  expect(compileAtom('users[]{n}').read(record)).toEqual([{ n: 'a' }, { n: 'c' }])
  expect(compileAtom('users[]?id').read(record)).toEqual(['1', '2', '3'])
  expect(compileAtom('users.n').read(record)).toBe('a')
})

test.each(['a', 'a.b', 'a{b}', 'x{a.b}', 'list[]', 'list[].n', 'list[]{n}', 'a?str', "a.b!'x'"])(
  'an Unavailable on the way of %s is the value, never a part',
  (text) => {
    const a = new Linked('k', gone)
    const record = { a, x: { a }, list: [new Linked('1', { n: 1 }), new Linked('2', gone)] }
    expect(compileAttribute(text).read(record)).toBe(gone)
  },
)

test('an Unavailable that the read does not meet does no harm', () => {
  const record = { a: gone, b: 1, list: [{ n: 1 }, gone] }
  expect(compileAttribute('b!a').read(record)).toBe(1)
  expect(compileAttribute('list.n').read(record)).toBe(1)
  expect(compileAttribute('a?id').read(record)).toBe(gone)
  expect(compileAttribute('code').read(gone)).toBe(gone)
  expect(compileAttribute('b').read(new Linked('k', record))).toBe(1)
})
