import { defineRecord } from '@recordcast/protocol'
import { expectTypeOf, test } from 'vitest'
import { z } from 'zod'
import type { Listener } from './index.js'

const issue = defineRecord(
  'issue',
  z.object({
    title: z.string(),
    body: z.string().nullable(),
    author: z.object({ login: z.string(), team: z.object({ name: z.string() }).optional() }),
    labels: z.array(z.object({ name: z.string() })),
  }),
)
declare const listener: Listener

test('event.data is inferred from the expressions and the schema', () => {
  listener.on(
    issue.changed,
    {
      attributes: {
        title: 'title',
        who: 'author.login',
        team: 'author.team.name',
        all: 'labels[].name',
        body: "body!''",
      },
    },
    ({ data, record, tenant }, { signal, attempt }) => {
      expectTypeOf(data).toEqualTypeOf<{
        title: string
        who: string
        team: string | null
        all: string[]
        body: string
      }>()
      expectTypeOf(record).toEqualTypeOf<string>()
      expectTypeOf(tenant).toEqualTypeOf<string | undefined>()
      expectTypeOf(signal).toEqualTypeOf<AbortSignal>()
      expectTypeOf(attempt).toEqualTypeOf<number>()
    },
  )
})

test('a list of expressions names its data by them, and calls can be chained', () => {
  listener
    .on(issue.created, { attributes: ['title', 'author.login'] }, ({ data }) => {
      expectTypeOf(data).toEqualTypeOf<{ title: string; 'author.login': string }>()
    })
    .on(
      issue.event('status-changed'),
      { attributes: ['$before.title'], where: { title: ['x'] }, tenants: ['t'] },
      async ({ data }) => {
        expectTypeOf(data).toEqualTypeOf<{ '$before.title': string | null }>()
      },
    )
})

test('a path that the record has not is a compile error', () => {
  listener.on(
    issue.changed,
    {
      attributes: {
        title: 'title',
        // @ts-expect-error there is no "lgoin" in "author"
        who: 'author.lgoin',
      },
    },
    () => undefined,
  )
  listener.on(
    issue.changed,
    {
      attributes: [
        // @ts-expect-error there is no "titel"
        'titel',
      ],
    },
    () => undefined,
  )
})

test('what is no option is a compile error', () => {
  listener.on(
    issue.changed,
    {
      attributes: ['title'],
      // @ts-expect-error only 'selected-changed'
      when: 'always',
    },
    () => undefined,
  )
  // @ts-expect-error an event type is made by defineRecord
  listener.on('issue.changed', { attributes: ['title'] }, () => undefined)
})
