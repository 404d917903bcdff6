import { expect, test } from 'vitest'
import { z } from 'zod'
import { compileAtom } from '../language/index.js'
import { announcedNames, fieldTrees, verifyNames } from './index.js'

const node: z.ZodType<unknown> = z.object({
  label: z.string(),
  get next(): z.ZodType<unknown> {
    return node.optional()
  },
})
const schemaOf = (schema: z.ZodType) => z.toJSONSchema(schema, { io: 'input' }) as Record<string, unknown>
const issue = z.object({
  title: z.string(),
  extra: z.record(z.string(), z.object({ n: z.number() })),
  loose: z.looseObject({ known: z.string() }),
  unknown: z.unknown(),
  parts: z.array(z.object({ n: z.number() })).nullable(),
  kind: z.union([z.object({ a: z.string() }), z.object({ b: z.string() })]),
  tree: node,
})
const records = announcedNames([
  { name: 'issue', schema: schemaOf(issue), links: ['author', 'open'], targets: { author: 'author' } },
  { name: 'author', schema: schemaOf(z.object({ login: z.string() })), links: [] },
])
const reasonsFor = (atom: string, among = records) =>
  verifyNames(compileAtom(atom).names, among.get('issue')!, among, atom).map(({ found }) => found)

test.each([
  'title',
  'extra.anything.n',
  'loose.whatever',
  'unknown.x.y',
  'parts[].n',
  'kind.a',
  'kind.b',
  'tree.next.next.label',
  'author.login',
  'author{login}',
  'author?id',
  'open.anything',
])('%s exists', (atom) => {
  expect(reasonsFor(atom)).toEqual([])
})

test.each([
  ['titel', ['titel']],
  ['title.x', ['title.x']],
  ['parts[]{m,n}', ['parts.m']],
  ['kind.c', ['kind.c']],
  ['extra.anything.m', ['extra.anything.m']],
  ['tree.next.labl', ['tree.next.labl']],
  ['author.mail', ['author.mail']],
  ['__proto__', ['__proto__']],
  ['toString', ['toString']],
])('%s does not', (atom, found) => {
  expect(reasonsFor(atom)).toEqual(found)
})

test('a record whose schema cannot be told is open, and so is a link whose target nobody announced', () => {
  const open = announcedNames([{ name: 'issue', links: ['author'], targets: { author: 'toString' } }])
  expect(reasonsFor('any.thing', open)).toEqual([])
  expect(reasonsFor('author.login', open)).toEqual([])
})

test('a reason names the nearest attributes, and says when it is the filter that reads', () => {
  const [tree] = fieldTrees([['author', 'logni'], ['$event', 'id'], ['$changed']]).after
  expect(verifyNames(tree!, records.get('issue')!, records, 'filter')).toEqual([
    {
      code: 'unknown-attribute',
      message: 'There is no attribute "author.logni", which the filter reads; nearest: author.login',
      path: 'filter',
      found: 'author.logni',
      nearest: ['author.login'],
    },
  ])
  expect(fieldTrees([['$before', 'title']]).before[0]!.names.get('title')!.value).toBe(true)
})

test('definitions that multiply by referring to each other are looked at up to a bound', () => {
  let looks = 0
  const watched = (level: number): object =>
    Object.defineProperty({}, 'anyOf', {
      enumerable: true,
      get() {
        looks++
        return Array.from({ length: 4 }, () => ({ $ref: `#/$defs/d${level + 1}` }))
      },
    })
  const $defs = Object.fromEntries(Array.from({ length: 31 }, (_, level) => [`d${level}`, watched(level)]))
  const hostile = announcedNames([{ name: 'issue', schema: { $ref: '#/$defs/d0', $defs }, links: [] }])
  expect(reasonsFor('whatever', hostile)).toEqual([])
  expect(looks).toBeLessThan(1001)
  const circle = announcedNames([{ name: 'issue', schema: { allOf: [{ $ref: '#' }, { $ref: '#' }] }, links: [] }])
  expect(reasonsFor('whatever', circle)).toEqual([])
})
