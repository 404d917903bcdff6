import type { StandardSchemaV1 } from '@standard-schema/spec'
import { expectTypeOf, test } from 'vitest'
import { z } from 'zod'
import { defineRecord, type EventType, type RecordDefinition, type RecordShape } from './index.js'

const schema = z.object({
  title: z.string(),
  size: z.number().default(0),
  owner: z.object({ name: z.string() }).optional(),
})
interface Shape {
  title: string
  size?: number | undefined
  owner?: { name: string } | undefined
}

test('the shape of a record is the input of its schema', () => {
  expectTypeOf<RecordShape<typeof schema>>().toEqualTypeOf<Shape>()
  expectTypeOf<RecordShape<StandardSchemaV1<{ a: Date }, { a: string }>>>().toEqualTypeOf<{ a: Date }>()
  expectTypeOf<RecordShape<StandardSchemaV1<string>>>().toBeNever()
})

test('a shape may be a union', () => {
  const either = z.union([z.object({ a: z.string() }), z.object({ b: z.number() })])
  expectTypeOf<RecordShape<typeof either>>().toEqualTypeOf<{ a: string } | { b: number }>()
})

test('events carry shape and kind', () => {
  const issue = defineRecord('issue', schema)
  expectTypeOf(issue).toEqualTypeOf<RecordDefinition<Shape>>()
  expectTypeOf(issue.changed).toEqualTypeOf<EventType<Shape, 'changed'>>()
  expectTypeOf(issue.event('status-changed')).toEqualTypeOf<EventType<Shape, 'status-changed'>>()
  expectTypeOf(issue.created.record).toEqualTypeOf<RecordDefinition<Shape>>()
})

test('any event fits where an event of some record is wanted, and none of another shape', () => {
  const issue = defineRecord('issue', schema)
  expectTypeOf(issue.changed).toExtend<EventType>()
  expectTypeOf(issue).toExtend<RecordDefinition>()
  expectTypeOf<EventType<{ other: number }, 'changed'>>().not.toExtend<EventType<Shape, 'changed'>>()
  expectTypeOf(issue.created).not.toExtend<EventType<Shape, 'changed'>>()
})

test('a schema of a text, or no schema, does not compile', () => {
  // @ts-expect-error a record is an object
  defineRecord('issue', z.string())
  // @ts-expect-error no Standard Schema
  defineRecord('issue', { type: 'object' })
  // @ts-expect-error the name is a text
  defineRecord(7, schema)
})
