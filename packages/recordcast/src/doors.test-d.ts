import { expectTypeOf, test } from 'vitest'
import { z } from 'zod'
import { type Broker, createListener, createSource, defineRecord, type Listener, type Source } from './index.js'

const issue = defineRecord(
  'issue',
  z.object({
    title: z.string(),
    state: z.enum(['open', 'closed']),
    author: z.object({ login: z.string(), age: z.number().optional() }),
    labels: z.array(z.object({ name: z.string() })),
  }),
)
declare const broker: Broker
declare const listener: Listener
declare const source: Source

test('a handler sees what the strings ask for, with the types of the record', () => {
  const attributes = {
    title: 'title',
    who: 'author.login',
    age: 'author.age',
    names: 'labels[].name',
    first: 'labels.name',
    person: 'author{name:login}',
    was: '$before.state',
    told: "author.age!'unknown'",
    at: '$event.time',
  } as const
  listener.on(issue.changed, { attributes }, ({ data }) => {
    expectTypeOf(data.title).toEqualTypeOf<string>()
    expectTypeOf(data.who).toEqualTypeOf<string>()
    expectTypeOf(data.age).toEqualTypeOf<number | null>()
    expectTypeOf(data.names).toEqualTypeOf<string[]>()
    expectTypeOf(data.first).toEqualTypeOf<string | null>()
    expectTypeOf(data.person).toExtend<{ name: string }>()
    expectTypeOf(data.was).toEqualTypeOf<'open' | 'closed' | null>()
    expectTypeOf(data.told).toEqualTypeOf<number | 'unknown'>()
    expectTypeOf(data.at).toEqualTypeOf<string>()
  })
})

test('a misspelt path does not compile, nor facts of the wrong type, nor an unknown option', () => {
  // @ts-expect-error: there is no "lgoin"
  listener.on(issue.changed, { attributes: { who: 'author.lgoin' } }, () => undefined)
  // @ts-expect-error: the title is a text
  void source.emit(issue.created, { id: '7', after: { title: 5 } })
  // @ts-expect-error: an id is needed
  void source.emit(issue.created, { after: { title: 'T' } })
  // @ts-expect-error: a deleted record has no state after
  void source.emit(issue.deleted, { id: '7', after: { title: 'T' } })
  void source.emit(issue.changed, { id: '7', before: { state: 'open' }, after: { title: 'T', repositoryId: 5 } })
  void source.emit(issue.event('labelled'), { id: '7', title: 'T' })
  // @ts-expect-error: delivery is 'shared' or 'each'
  createListener({ service: 'l', broker, delivery: 'all' })
})

test('links are given as plain functions, without annotations', () => {
  createSource({
    service: 'forge',
    broker,
    records: [
      { type: issue, links: { author: { key: (f) => f.authorId, load: async (keys) => keys.map(() => null) } } },
    ],
  })
})
