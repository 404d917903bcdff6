import { defineRecord } from '@recordcast/protocol'
import { compileAtom } from '@recordcast/protocol/language'
import { systemClock } from '@recordcast/transport'
import { expect, test } from 'vitest'
import { z } from 'zod'
import type { RecordOptions } from './options.js'
import { createOwnedRecords } from './owned.js'
import { takeIn } from './take-in.js'
import { verifyNames } from './verify.js'

const node: z.ZodType<unknown> = z.object({
  label: z.string(),
  get next(): z.ZodType<unknown> {
    return node.optional()
  },
})
const author = defineRecord('author', z.object({ login: z.string() }))
const record = defineRecord(
  'issue',
  z.object({
    title: z.string(),
    extra: z.record(z.string(), z.object({ n: z.number() })),
    loose: z.looseObject({ known: z.string() }),
    unknown: z.unknown(),
    parts: z.array(z.object({ n: z.number() })).nullable(),
    kind: z.union([z.object({ a: z.string() }), z.object({ b: z.string() })]),
    tree: node,
  }),
)
const load = () => []
const options: RecordOptions = {
  type: record,
  links: { author: { type: author, key: () => '1', load }, open: { key: () => '1', load } },
}

const reasonsFor = (atom: string, records: RecordOptions[] = [options, { type: author }]) => {
  const owned = createOwnedRecords(records, systemClock, () => [])
  return verifyNames(compileAtom(atom).names, owned.get('issue')!, owned, atom).map(({ found }) => found)
}

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

test('a record whose schema cannot be told is open', () => {
  const standard = { version: 1 as const, vendor: 'own', validate: (value: unknown) => ({ value: value as object }) }
  expect(reasonsFor('any.thing', [{ type: defineRecord('issue', { '~standard': standard }) }])).toEqual([])
})

test('a fact full of unknown attributes is refused with few suggestions and few reasons', () => {
  const fields = Object.fromEntries(Array.from({ length: 1000 }, (_, n) => [`field${n}`, z.string()]))
  const owned = createOwnedRecords([{ type: defineRecord('issue', z.object(fields)) }], systemClock, () => [])
  const attributes = Array.from({ length: 1000 }, (_, n) => `feild${n}`)
  const subscriptions = ['created', 'changed', 'deleted', 'labelled'].map((kind) => ({
    event: `issue.${kind}`,
    attributes,
    tenants: 'all' as const,
  }))
  const fact = { service: 's', listener: 's', queue: 's', set: 'x', subscriptions } as never
  const { verdicts, entries } = takeIn(fact, 's/x', owned, () => 0)
  expect(entries).toEqual([])
  expect(verdicts.map(({ reasons }) => reasons.length)).toEqual([256, 256, 256, 256])
  expect(verdicts.flatMap(({ reasons }) => reasons).filter(({ nearest }) => nearest?.length).length).toBe(16)
})
