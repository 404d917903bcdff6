import type { StandardSchemaV1 } from '@standard-schema/spec'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { defineRecord, RecordcastError, splitEventType } from './index.js'

const shape = z.object({ title: z.string(), author: z.object({ login: z.string() }) })

test('a record type has its events by name and kind', () => {
  const issue = defineRecord('issue', shape)
  expect(issue.created).toMatchObject({ name: 'issue.created', kind: 'created' })
  expect(issue.changed).toMatchObject({ name: 'issue.changed', kind: 'changed' })
  expect(issue.deleted).toMatchObject({ name: 'issue.deleted', kind: 'deleted' })
  expect(issue.event('status-changed')).toMatchObject({ name: 'issue.status-changed', kind: 'status-changed' })
  for (const type of [issue.created, issue.event('x')]) expect(type.record).toBe(issue)
  expect(issue.schema).toBe(shape)
})

test('a record type and its events cannot be changed', () => {
  const issue = defineRecord('issue', shape)
  expect(() => Object.assign(issue, { name: 'other' })).toThrow(TypeError)
  expect(() => Object.assign(issue, { created: issue.deleted })).toThrow(TypeError)
  expect(() => Object.assign(issue.created, { name: 'other' })).toThrow(TypeError)
})

const names = [
  '',
  ' ',
  'a b',
  'a.b',
  '_a',
  '-a',
  '__proto__',
  'ä',
  'a/b',
  'x'.repeat(65),
  'a\n',
  7,
  null,
  undefined,
  {},
]

test.each(names)('%j names neither a record type nor a kind', (name) => {
  const refused = expect.objectContaining({
    code: 'invalid-options',
    expected: expect.stringContaining('a letter or digit'),
  })
  expect(() => defineRecord(name as string, shape)).toThrow(refused)
  expect(() => defineRecord('issue', shape).event(name as string)).toThrow(refused)
})

test.each(['a', '7', 'pull_request', 'status-changed', 'constructor', 'toString', 'x'.repeat(64)])(
  '%s names both',
  (name) => {
    expect(defineRecord(name, shape).event(name).name).toBe(`${name}.${name}`)
    expect(splitEventType(`${name}.${name}`)).toEqual({ record: name, kind: name })
  },
)

test.each(['issue', 'issue.', '.changed', 'issue.a.b', 'issue changed', '__proto__.changed', ''])(
  '%j is no event type',
  (name) => {
    expect(splitEventType(name)).toBeUndefined()
  },
)

test.each([
  undefined,
  null,
  7,
  'object',
  {},
  { '~standard': null },
  { '~standard': { version: 1 } },
  { type: 'object' },
])('%j is no schema', (schema) => {
  const attempt = () => defineRecord('issue', schema as unknown as StandardSchemaV1<object>)
  expect(attempt).toThrow(RecordcastError)
  expect(attempt).toThrow(/"issue" is no Standard Schema/)
  expect(attempt).toThrow(expect.objectContaining({ code: 'invalid-options', found: expect.any(String) }))
})

test('a zod schema tells its JSON Schema, of what goes in', () => {
  const { jsonSchema } = defineRecord('issue', shape.extend({ size: z.number().default(0), tags: z.array(z.string()) }))
  expect(jsonSchema).toMatchObject({
    type: 'object',
    required: ['title', 'author', 'tags'],
    properties: {
      title: { type: 'string' },
      author: { type: 'object', properties: { login: { type: 'string' } } },
      size: { type: 'number' },
      tags: { type: 'array', items: { type: 'string' } },
    },
  })
})

test('what JSON Schema has no word for stays open, and the rest is told', () => {
  const odd = z.object({ at: z.date(), big: z.bigint(), map: z.map(z.string(), z.number()), title: z.string() })
  expect(defineRecord('issue', odd).jsonSchema).toMatchObject({
    properties: { at: {}, big: {}, map: {}, title: { type: 'string' } },
  })
})

test('a record that holds itself has a JSON Schema that can be announced', () => {
  const folder = z.object({
    name: z.string(),
    get parent() {
      return folder.optional()
    },
  })
  const { jsonSchema } = defineRecord('folder', folder)
  expect(jsonSchema).toMatchObject({ properties: { name: { type: 'string' } } })
  expect(JSON.parse(JSON.stringify(jsonSchema))).toEqual(jsonSchema)
})

const handMade = (more: object): StandardSchemaV1<{ title: string }> => ({
  '~standard': { version: 1, vendor: 'hand', validate: (value) => ({ value: value as { title: string } }), ...more },
})
const cycle: Record<string, unknown> = {}
cycle.self = cycle

test.each<[string, object]>([
  ['knows no JSON Schema', {}],
  [
    'throws when asked for it',
    {
      jsonSchema: {
        input: () => {
          throw new Error('no')
        },
      },
    },
  ],
  ['gives true', { jsonSchema: { input: () => true } }],
  ['gives nothing', { jsonSchema: { input: () => undefined } }],
  ['gives a cycle', { jsonSchema: { input: () => cycle } }],
  ['gives a bigint', { jsonSchema: { input: () => ({ const: 1n }) } }],
])('a hand-made schema that %s leaves every attribute open', (_, more) => {
  const issue = defineRecord('issue', handMade(more))
  expect(issue.jsonSchema).toBeUndefined()
  expect(issue.created.name).toBe('issue.created')
})

test('a schema that is a function is a schema as well', () => {
  const schema = Object.assign(() => undefined, handMade({}))
  expect(defineRecord('issue', schema).schema).toBe(schema)
})
