import { announceListener, announceSource } from '@recordcast/registry'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { listenerFact, sourceFact, stage } from './testdata/stage.js'

const schema = (shape: z.ZodObject) => z.toJSONSchema(shape)
const issue = z.strictObject({
  title: z.string(),
  state: z.enum(['open', 'closed']),
  parts: z.array(z.strictObject({ n: z.number(), note: z.string() })),
})
const user = z.strictObject({ login: z.string(), mail: z.string() })

/** A forge whose issues link to their author, and four listeners of it. */
async function bus() {
  const { join, operator } = stage()
  const { transport } = join()
  await announceSource(
    transport,
    sourceFact('forge', {
      records: [
        { name: 'issue', schema: { ...schema(issue) }, links: ['author'], targets: { author: 'user' } },
        { name: 'user', schema: { ...schema(user) }, links: [] },
      ],
    }),
  )
  const listen = (queue: string, event: string, attributes: string[], more: object = {}) =>
    announceListener(transport, listenerFact(queue, [{ event, attributes, tenants: 'all', ...more }]))
  await listen('notifier', 'issue.changed', ['author.login', 'title'])
  await listen('filterer', 'issue.closed', ['title'], {
    filter: { author: { login: ['ann'] }, $before: { state: ['open'] } },
  })
  await listen('mirror', 'user.changed', ['login', 'mail'])
  await listen('archive', 'issue.created', ['author', 'parts[]{n}'])
  return operator()
}

const who = (list: readonly { queue: string; as: string; path: string }[]) =>
  list.map(({ queue, as, path }) => `${queue} ${as} ${path}`)

test('removing an attribute of a linked record breaks who reads it through the link and who reads it there', async () => {
  const operator = await bus()
  const { breaks, changes, broken, listeners } = await operator.impact('user', { remove: ['login'] })
  expect(who(breaks)).toEqual(['filterer filter login', 'mirror payload login', 'notifier payload login'])
  expect(who(changes)).toEqual(['archive payload login'])
  expect(changes[0]?.message).toContain('whole')
  expect(broken).toEqual(['filterer', 'mirror', 'notifier'])
  expect(listeners).toBe(4)
})

test('the same attribute named from the record that links to it breaks only who reads it from there', async () => {
  const { breaks } = await (await bus()).impact('issue', { remove: ['author.login'] })
  expect(who(breaks)).toEqual(['filterer filter author.login', 'notifier payload author.login'])
})

test('what is read before the change counts as well', async () => {
  const { breaks } = await (await bus()).impact('issue', { remove: ['state'] })
  expect(who(breaks)).toEqual(['filterer filter state'])
  expect(breaks[0]?.expression).toBe('$before.state')
})

test('another schema breaks who reads what it no longer has, with the nearest name that it has', async () => {
  const renamed = z.strictObject({
    titel: z.string(),
    state: z.enum(['open', 'closed']),
    parts: z.array(z.strictObject({ n: z.string() })),
  })
  const { breaks, changes } = await (await bus()).impact('issue', { schema: { ...schema(renamed) } })
  expect(who(breaks)).toEqual(['filterer payload title', 'notifier payload title'])
  expect(breaks[0]?.nearest).toContain('titel')
  expect(who(changes)).toEqual(['archive payload parts.n'])
  expect(changes[0]?.message).toContain('was number and becomes string')
})

test('the schema that stands breaks nobody', async () => {
  const operator = await bus()
  for (const [record, same] of Object.entries({ issue: schema(issue), user: schema(user) })) {
    expect(await operator.impact(record, { schema: { ...same } })).toMatchObject({
      breaks: [],
      changes: [],
      broken: [],
    })
  }
})

test('an open schema breaks nobody: every name may still come', async () => {
  const { breaks } = await (await bus()).impact('issue', { schema: { type: 'object' } })
  expect(breaks).toEqual([])
})

test('a path that is not there cannot be removed, nor one of a record that nobody owns', async () => {
  const operator = await bus()
  await expect(operator.impact('issue', { remove: ['titel'] })).rejects.toMatchObject({
    code: 'unknown-attribute',
    nearest: ['title'],
  })
  await expect(operator.impact('isue', { remove: ['title'] })).rejects.toMatchObject({
    code: 'unknown-record-type',
    nearest: ['issue'],
  })
  await expect(operator.impact('__proto__', { remove: ['title'] })).rejects.toMatchObject({
    code: 'unknown-record-type',
  })
  await expect(operator.impact('issue', { remove: ['a{b'] })).rejects.toMatchObject({ code: 'expression-syntax' })
  await expect(operator.impact('issue', { remove: [] })).rejects.toMatchObject({ code: 'invalid-request' })
})
