import { defineRecord, RecordcastError } from '@recordcast/protocol'
import { digestOf } from '@recordcast/protocol/language'
import { listenerAddress, queueOf } from '@recordcast/protocol/names'
import { decodeEvent, type WireEvent } from '@recordcast/protocol/wire'
import {
  announceListener,
  answerAt,
  ask,
  type Broker,
  listenerKey,
  openRegistry,
  silentLogger,
  withdrawListener,
} from '@recordcast/registry'
import { systemClock } from '@recordcast/transport'
import { createMemoryBus, createMemoryTransport } from '@recordcast/transport-memory'
import { afterEach, expect, test } from 'vitest'
import { z } from 'zod'
import { createSource, type LoadContext, type SourceOptions } from './index.js'

const user = defineRecord('user', z.object({ login: z.string(), mail: z.string().optional() }))
const repository = defineRecord('repository', z.object({ name: z.string(), owner: z.object({ login: z.string() }) }))
const issue = defineRecord(
  'issue',
  z.object({
    title: z.string(),
    state: z.enum(['open', 'closed']),
    labels: z.array(z.object({ name: z.string() })).optional(),
    author: z.object({ login: z.string(), mail: z.string().optional() }),
    repository: z.object({ name: z.string(), owner: z.object({ login: z.string() }) }).optional(),
  }),
)

type FactParts = {
  event?: string
  attributes?: string[]
  filter?: Record<string, unknown>
  when?: 'selected-changed'
  selected?: string[]
  tenants?: 'all' | string[]
  service?: string
  delivery?: 'shared' | 'each'
}

const cleanups: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup()
})

/** A bus, a broker on it, and hand-made listeners whose messages are gathered as decoded events. */
function rig(maxBodyBytes?: number) {
  const bus = createMemoryBus(maxBodyBytes === undefined ? {} : { limits: { maxBodyBytes } })
  const open = (): Broker => {
    const transport = createMemoryTransport({ bus })
    cleanups.push(() => transport.close())
    return {
      transport,
      namespace: 'n',
      logger: silentLogger,
      clock: systemClock,
      random: Math.random,
      close: () => transport.close(),
    }
  }
  const broker = open()
  const subscribe = async (name: string, parts: FactParts = {}) => {
    const {
      event = 'issue.changed',
      attributes = ['title'],
      tenants = 'all',
      service = name,
      delivery = 'shared',
    } = parts
    const { filter, when, selected } = parts
    const queue = queueOf(name)
    const subscriptions = [
      { event, attributes, tenants, ...(filter && { filter }), ...(when && { when }), ...(selected && { selected }) },
    ]
    const set = digestOf([JSON.stringify(subscriptions)])
    const fact = {
      v: 1 as const,
      kind: 'listener' as const,
      service,
      listener: name,
      queue,
      delivery,
      set,
      generation: 1,
      address: listenerAddress(queue, set),
      since: '2026-01-01T00:00:00.000Z',
      subscriptions,
    }
    await broker.transport.declare(queue)
    await announceListener(broker.transport, fact)
    return fact
  }
  const received = async (
    name: string,
    count: number,
  ): Promise<(WireEvent & { headers: Readonly<Record<string, string>>; bytes: Uint8Array })[]> => {
    const events: (WireEvent & { headers: Readonly<Record<string, string>>; bytes: Uint8Array })[] = []
    await new Promise<void>((resolve, reject) => {
      if (count === 0) return resolve()
      const running = broker.transport.consume(queueOf(name), { concurrency: 1 }, async ({ message }) => {
        events.push({ ...decodeEvent(message.body), headers: message.headers, bytes: message.body })
        if (events.length === count) void running.then((each) => each.stop()).then(resolve, reject)
        return { do: 'ack' }
      })
    })
    const report = await broker.transport.inspect(queueOf(name))
    expect(report?.ready, `messages left over for ${name}`).toBe(0)
    return events
  }
  const source = async (options: Partial<SourceOptions> & Pick<SourceOptions, 'records'>) => {
    const made = createSource({ service: 'forge', broker, ...options })
    await made.start()
    cleanups.push(() => made.stop())
    return made
  }
  /** Waits until the source has taken in this fact, as a listener would, and gives its verdicts. */
  const verdicts = async (fact: Awaited<ReturnType<typeof subscribe>>) => {
    const registry = await openRegistry({ transport: broker.transport })
    const [of] = [...registry.snapshot().sources.values()]
    await registry.stop()
    const answer = await ask(
      broker.transport,
      of!.address,
      { v: 1, kind: 'verdict', key: listenerKey(fact), set: fact.set },
      5000,
    )
    return answer.verdicts
  }
  return { bus, broker, open, subscribe, received, source, verdicts }
}

const open = { title: 'It rains in', state: 'open' as const, authorId: '1', repositoryId: 10 }
const closed = { ...open, state: 'closed' as const }
const change = { id: '7', before: open, after: closed }

function people() {
  const calls: { keys: readonly string[]; context: LoadContext }[] = []
  const load = async (keys: readonly string[], context: LoadContext) => {
    calls.push({ keys, context })
    return keys.map((key) => ({ login: `user-${key}`, mail: `${key}@example.org` }))
  }
  return { calls, link: { key: (facts: Record<string, unknown>) => facts.authorId, load, type: user } }
}

test('a listener that subscribed before the source started gets exactly what it asked for', async () => {
  const { subscribe, source, received } = rig()
  await subscribe('notifier', { attributes: ['author.login', 'title'] })
  const { link } = people()
  const forge = await source({ records: [{ type: issue, links: { author: link } }] })
  const result = await forge.emit(issue.changed, change, { user: 'ann', id: 'e1' })
  expect(result).toEqual({ id: 'e1', delivered: ['notifier'], gone: [] })
  const [event] = await received('notifier', 1)
  expect(event).toMatchObject({ id: 'e1', source: 'forge', type: 'issue.changed', subject: '7', user: 'ann' })
  expect(event!.data).toEqual({ 'author.login': 'user-1', title: 'It rains in' })
})

test('a listener that subscribes later is taken in before its verdict is given', async () => {
  const { subscribe, source, received, verdicts } = rig()
  const forge = await source({ records: [{ type: issue, links: { author: people().link } }] })
  expect((await forge.emit(issue.changed, change)).delivered).toEqual([])
  const fact = await subscribe('late')
  expect(await verdicts(fact)).toEqual([{ event: 'issue.changed', verdict: 'accepted', reasons: [] }])
  expect((await forge.emit(issue.changed, change)).delivered).toEqual(['late'])
  expect(await received('late', 1)).toHaveLength(1)
})

test('an event that nobody wants loads nothing and sends nothing', async () => {
  const { subscribe, source } = rig()
  await subscribe('other', { event: 'issue.deleted', attributes: ['author.login'] })
  const { link, calls } = people()
  const forge = await source({ records: [{ type: issue, links: { author: link } }] })
  expect((await forge.emit(issue.changed, change)).delivered).toEqual([])
  expect(calls).toEqual([])
  expect(forge.stats()).toMatchObject({ emitted: 1, unwanted: 1, published: 0 })
})

test('a filter that the own facts fail loads no link; one that passes loads what the filter and then the attributes need', async () => {
  const { subscribe, source, received } = rig()
  const filter = { state: ['closed'], author: { login: ['user-1'] } }
  await subscribe('picky', { attributes: ['author.mail', 'title'], filter })
  const { link, calls } = people()
  const forge = await source({ records: [{ type: issue, links: { author: link } }] })
  await forge.emit(issue.changed, { id: '7', before: closed, after: open })
  expect(calls).toEqual([])
  await forge.emit(issue.changed, { id: '8', before: open, after: { ...closed, authorId: '2' } })
  expect(calls).toHaveLength(1)
  await forge.emit(issue.changed, change)
  expect(calls).toHaveLength(2)
  const [event] = await received('picky', 1)
  expect(event!.data).toEqual({ 'author.mail': '1@example.org', title: 'It rains in' })
  expect(forge.stats().listeners[0]).toMatchObject({
    seen: 3,
    delivered: 1,
    suppressed: { filter: 2, tenant: 0, unchanged: 0 },
  })
})

test('events in flight share one batch; equal projections are encoded once and shared', async () => {
  const { subscribe, source, received } = rig()
  await subscribe('a', { attributes: ['author.login', 'title'] })
  await subscribe('b', { attributes: ['author.login', 'title'] })
  await subscribe('c', { attributes: ['author.mail'] })
  const { link, calls } = people()
  const forge = await source({ records: [{ type: issue, links: { author: link } }] })
  await Promise.all(
    Array.from({ length: 10 }, (_, n) =>
      forge.emit(issue.changed, { id: `${n}`, before: open, after: { ...closed, authorId: `${n % 3}` } }),
    ),
  )
  expect(calls.map(({ keys }) => keys)).toEqual([['0', '1', '2']])
  expect(calls[0]!.context.attributes).toEqual(['login', 'mail'])
  expect(forge.stats()).toMatchObject({ published: 30, projections: 20 })
  expect((await received('a', 10)).map(({ bytes }) => bytes)).toEqual(
    (await received('b', 10)).map(({ bytes }) => bytes),
  )
  await received('c', 10)
})

test('the cache answers across events until the record changes by its own event', async () => {
  const { subscribe, source, received } = rig()
  await subscribe('a', { attributes: ['author.login'] })
  let version = 1
  let calls = 0
  const load = async (keys: readonly string[]) => {
    calls++
    return keys.map(() => ({ login: `v${version}` }))
  }
  const author = {
    key: (facts: Record<string, unknown>) => facts.authorId,
    load,
    type: user,
    cache: { max: 10, ttlMs: 60_000 },
  }
  const forge = await source({ records: [{ type: issue, links: { author } }, { type: user }] })
  await forge.emit(issue.changed, change)
  version = 2
  await forge.emit(issue.changed, change)
  await forge.emit(user.changed, { id: '1', after: { login: 'v2' } })
  await forge.emit(issue.changed, change)
  expect((await received('a', 3)).map(({ data }) => data['author.login'])).toEqual(['v1', 'v1', 'v2'])
  expect(calls).toBe(2)
})

test('links of links are followed, own facts win over what is loaded, and ?id loads nothing', async () => {
  const { subscribe, source, received } = rig()
  await subscribe('nested', { attributes: ['repository.owner.login', 'repository.name'] })
  await subscribe('ids', { attributes: ['author?id'] })
  const { link, calls } = people()
  const forge = await source({
    records: [
      {
        type: issue,
        links: {
          author: link,
          repository: {
            key: (facts) => facts.repositoryId,
            type: repository,
            load: async (keys) => keys.map((key) => ({ name: `repo-${key}`, ownerId: '5' })),
          },
        },
      },
      { type: repository, links: { owner: { ...link, key: (facts) => facts.ownerId } } },
    ],
  })
  await forge.emit(issue.changed, {
    id: '7',
    before: open,
    after: { ...closed, repository: { name: 'as told' } as never },
  })
  expect((await received('nested', 1))[0]!.data).toEqual({
    'repository.owner.login': 'user-5',
    'repository.name': 'as told',
  })
  expect((await received('ids', 1))[0]!.data).toEqual({ 'author?id': '1' })
  expect(calls.map(({ keys }) => keys)).toEqual([['5']])
})

test('one failing attribute harms only who asked for it', async () => {
  const { subscribe, source, received } = rig()
  await subscribe('hurt', { attributes: ['author.login', 'title'] })
  await subscribe('fine', { attributes: ['title'] })
  const author = {
    key: (facts: Record<string, unknown>) => facts.authorId,
    load: async (): Promise<never> => {
      throw new Error('database away')
    },
  }
  const forge = await source({ records: [{ type: issue, links: { author } }] })
  expect((await forge.emit(issue.changed, change)).delivered).toEqual(['fine', 'hurt'])
  const [hurt] = await received('hurt', 1)
  expect(hurt!.data).toEqual({ title: 'It rains in' })
  expect(hurt!.missing).toEqual([
    { path: 'author.login', code: 'loader-failed', message: expect.stringContaining('database away') },
  ])
  expect((await received('fine', 1))[0]!.missing).toBeUndefined()
})

test('what would take too long to find out here is left to the listener: a filter undecided, an attribute missing', async () => {
  const { subscribe, source, received } = rig()
  const wildcards = Array.from({ length: 64 }, (_, at) => ({ wildcard: `*x*y${at}*` }))
  await subscribe('perhaps', { attributes: ['state'], filter: { title: wildcards } })
  await subscribe('elsewhere', { attributes: ['state'], filter: { title: wildcards, state: ['open'] } })
  await subscribe('costly', { attributes: ['state', 'labels[].name'] })
  const forge = await source({ records: [{ type: issue, links: {} }] })
  const title = 'z'.repeat(100_000)
  const labels = Array.from({ length: 60_000 }, () => ({ name: 'n' }))
  const facts = { ...change.after, title, labels, author: { login: 'a' } }
  await forge.emit(issue.changed, { id: '7', before: facts, after: facts }, { id: 'e1' })
  const [event] = await received('perhaps', 1)
  expect(event!.data).toEqual({ state: 'closed', $filter: { title } })
  expect(event!.missing).toBeUndefined()
  await received('elsewhere', 0)
  const [other] = await received('costly', 1)
  expect(other!.data).toEqual({ state: 'closed' })
  expect(other!.missing).toEqual([
    { path: 'labels[].name', code: 'attribute-too-costly', message: expect.stringContaining('48000') },
  ])
})

test('a filter whose link failed is a perhaps: the event goes out marked, with what the filter reads', async () => {
  const { subscribe, source, received, broker } = rig()
  await subscribe('perhaps', { attributes: ['title'], filter: { state: ['closed'], author: { login: ['user-1'] } } })
  await subscribe('never', { attributes: ['title'], filter: { state: ['open'], author: { login: ['user-1'] } } })
  let failing = true
  const author = {
    key: (facts: Record<string, unknown>) => facts.authorId,
    load: async (keys: readonly string[]) =>
      keys.map((key) => (failing ? new Error('away') : { login: `user-${key}` })),
  }
  const forge = await source({ records: [{ type: issue, links: { author } }] })
  await forge.emit(issue.changed, change, { id: 'e1' })
  const [event] = await received('perhaps', 1)
  await received('never', 0)
  expect(event!.data).toEqual({ title: 'It rains in', $filter: { state: 'closed' } })
  expect(event!.missing?.map(({ path }) => path)).toEqual(['$filter'])

  failing = false
  const registry = await openRegistry({ transport: broker.transport })
  const [fact] = [...registry.snapshot().sources.values()]
  await registry.stop()
  const answer = await ask(
    broker.transport,
    fact!.address,
    {
      v: 1,
      kind: 'complete',
      event: 'e1',
      type: 'issue.changed',
      subject: '7',
      attributes: ['author.login', '$before.state'],
      filter: [['state'], ['author', 'login']],
    },
    5000,
  )
  expect(answer).toEqual({
    v: 1,
    kind: 'complete',
    remembered: true,
    values: { 'author.login': 'user-1', '$before.state': 'open' },
    filter: { state: 'closed', author: { login: 'user-1' } },
    failed: [],
  })
})

test('selected-changed holds back what changed nothing that was selected, or-else included', async () => {
  const { subscribe, source, received } = rig()
  await subscribe('titles', {
    attributes: ['author.login', 'title'],
    when: 'selected-changed',
    selected: ['author.login', 'title'],
  })
  await subscribe('nicks', { attributes: ['nick', 'title'], when: 'selected-changed', selected: ['nick!title'] })
  const { link } = people()
  const loose = defineRecord('issue', z.looseObject({}))
  const forge = await source({ records: [{ type: loose, links: { author: link } }] })
  const emit = (before: object, after: object) =>
    forge.emit(loose.changed, { id: '7', before: { ...open, ...before }, after: { ...open, ...after } })
  await emit({}, { state: 'closed' })
  await emit({}, { title: 'It snows in' })
  await emit({}, { authorId: '2' })
  await emit({ nick: 'n' }, { nick: 'n', title: 'hidden by the nick' })
  expect((await received('titles', 3)).map(({ data }) => data)).toEqual([
    { 'author.login': 'user-1', title: 'It snows in' },
    { 'author.login': 'user-2', title: 'It rains in' },
    { 'author.login': 'user-1', title: 'hidden by the nick' },
  ])
  expect((await received('nicks', 1))[0]!.data).toEqual({ nick: null, title: 'It snows in' })
})

test('an event of a tenant reaches only those who may have it', async () => {
  const { subscribe, source } = rig()
  await subscribe('everybody')
  await subscribe('only-a', { tenants: ['a'] })
  const forge = await source({ records: [{ type: issue, links: { author: people().link } }] })
  expect((await forge.emit(issue.changed, change, { tenant: 'a' })).delivered).toEqual(['everybody', 'only-a'])
  expect((await forge.emit(issue.changed, change, { tenant: 'b' })).delivered).toEqual(['everybody'])
  expect((await forge.emit(issue.changed, change)).delivered).toEqual(['everybody'])
  const strict = await source({
    service: 'strict',
    tenancy: 'required',
    records: [{ type: issue, links: { author: people().link } }],
  })
  await expect(strict.emit(issue.changed, change)).rejects.toMatchObject({
    code: 'invalid-event',
    path: '/options/tenant',
  })
})

test('two sets on one queue: the event carries what both need and says which of them want it', async () => {
  const { subscribe, source, received, broker } = rig()
  const v1 = await subscribe('roll', { attributes: ['title'], filter: { state: ['closed'] } })
  const v2 = await subscribe('roll', { attributes: ['state'] })
  const forge = await source({ records: [{ type: issue, links: { author: people().link } }] })
  await forge.emit(issue.changed, { id: '1', before: closed, after: open })
  await forge.emit(issue.changed, change)
  const [second, both] = await received('roll', 2)
  expect(second!.data).toEqual({ state: 'open', title: 'It rains in' })
  expect(second!.headers.wanted).toBe(v2.set)
  expect(both!.headers.wanted!.split(',').sort()).toEqual([v1.set, v2.set].sort())

  await withdrawListener(broker.transport, v1)
  const gone = async (): Promise<void> => {
    await forge.emit(issue.changed, change)
    const [event] = await received('roll', 1)
    if (Object.keys(event!.data).length > 1) return gone()
    expect(event!.headers.wanted).toBeUndefined()
  }
  await gone()
})

test('every reason against a subscription is told, with the nearest names', async () => {
  const { subscribe, source, verdicts } = rig()
  const { link } = people()
  const forge = await source({
    records: [{ type: issue, links: { author: link }, grant: ({ attribute }) => attribute !== 'author.mail' }],
  })
  const fact = await subscribe('wrong', {
    attributes: ['auhtor.login', 'author.lgoin', 'author.mail', 'titel'],
    filter: { stat: ['x'] },
  })
  const [verdict] = await verdicts(fact)
  expect(verdict!.verdict).toBe('refused')
  expect(verdict!.reasons.map(({ code, found, nearest }) => [code, found, nearest?.[0]])).toEqual([
    ['unknown-attribute', 'auhtor', 'author'],
    ['unknown-attribute', 'author.lgoin', 'author.login'],
    ['attribute-denied', 'author.mail', undefined],
    ['unknown-attribute', 'titel', 'title'],
    ['unknown-attribute', 'stat', 'state'],
  ])
  const other = await subscribe('elsewhere', { event: 'isue.changed' })
  expect((await verdicts(other))[0]).toMatchObject({
    verdict: 'not-mine',
    reasons: [{ code: 'unknown-record-type', nearest: ['issue'] }],
  })
  expect((await forge.emit(issue.changed, change)).delivered).toEqual([])
})

test('hostile patterns and expressions in a fact are refused, never a crash', async () => {
  const { subscribe, source, verdicts } = rig()
  await source({ records: [{ type: issue, links: { author: people().link } }] })
  const fact = await subscribe('hostile', {
    attributes: ['title{', '__proto__.x'],
    filter: JSON.parse('{"__proto__":{"a":"b"}}'),
  })
  const [verdict] = await verdicts(fact)
  expect(verdict!.reasons.map(({ code }) => code)).toEqual([
    'expression-syntax',
    'unknown-attribute',
    'invalid-pattern',
  ])
})

test('the name of a listener belongs to the service that came first, until it goes', async () => {
  const { subscribe, source, verdicts, broker } = rig()
  const forge = await source({ records: [{ type: issue, links: { author: people().link } }] })
  const first = await subscribe('shared', { service: 'one' })
  expect((await verdicts(first))[0]!.verdict).toBe('accepted')
  const second = await subscribe('shared', { service: 'two', attributes: ['state'] })
  const [verdict] = await verdicts(second)
  expect(verdict).toMatchObject({
    verdict: 'refused',
    reasons: [{ code: 'listener-name-taken', message: expect.stringContaining('"one"') }],
  })
  await withdrawListener(broker.transport, first)
  const accepted = async (): Promise<void> => {
    if ((await verdicts(second))[0]!.verdict !== 'accepted') return accepted()
  }
  await accepted()
  expect((await forge.emit(issue.changed, change)).delivered).toEqual(['shared'])
})

test('a queue deleted underneath is put back by its listener, or named in gone', async () => {
  const { subscribe, source, broker } = rig()
  const kept = await subscribe('kept')
  await subscribe('lost')
  const responder = await answerAt(broker.transport, kept.address, async () => {
    await broker.transport.declare(kept.queue)
    return { v: 1, kind: 'alive', instance: 'x' }
  })
  cleanups.push(() => responder.stop())
  const forge = await source({ records: [{ type: issue, links: { author: people().link } }] })
  await broker.transport.drop('kept')
  await broker.transport.drop('lost')
  expect(await forge.emit(issue.changed, change)).toMatchObject({ delivered: ['kept'], gone: ['lost'] })
})

test('queues without any listener on the board are not taken for nobody listening', async () => {
  const { subscribe, source, broker } = rig()
  await broker.transport.declare(queueOf('notifier'))
  const forge = await source({ records: [{ type: issue, links: { author: people().link } }] })
  const emitted = forge.emit(issue.changed, change)
  await subscribe('notifier')
  expect((await emitted).delivered).toEqual(['notifier'])
})

test('facts are checked against the schema, with the path; links may be left out', async () => {
  const { source } = rig()
  const { link } = people()
  const forge = await source({ records: [{ type: issue, links: { author: link } }] })
  const refused = async (facts: object, path: string, kind: 'changed' | 'created' | 'deleted' = 'changed') => {
    const error = await forge.emit(issue[kind] as never, facts as never).catch((thrown: unknown) => thrown)
    expect(error).toBeInstanceOf(RecordcastError)
    expect(error).toMatchObject({ code: 'invalid-event', path })
  }
  await refused({ before: open, after: closed }, '/id')
  await refused({ id: 7, after: closed }, '/id')
  await refused({ id: '', after: closed }, '/id')
  await refused({ id: '7' }, '/after')
  await refused({ id: '7', after: { ...closed, title: 5 } }, '/after/title')
  await refused({ id: '7', after: { state: 'open' } }, '/after/title')
  await refused({ id: '7', before: { state: 'ajar' }, after: closed }, '/before/state')
  await refused({ id: '7' }, '/before', 'deleted')
  await refused([], '')
  await forge.emit(issue.changed, { id: '7', before: { state: 'open' }, after: closed })
  await forge.emit(issue.event('starred'), { id: '7', title: 'only what it says' })
})

test('emits outside of the life of a source, and of records that it does not own, are refused by code', async () => {
  const { broker } = rig()
  const forge = createSource({
    service: 'forge',
    broker,
    records: [{ type: issue, events: ['starred'], links: { author: people().link } }],
  })
  await expect(forge.emit(issue.changed, change)).rejects.toMatchObject({ code: 'not-started' })
  await forge.start()
  await expect(forge.start()).rejects.toMatchObject({ code: 'already-started' })
  await expect(forge.emit(user.changed, { id: '1', after: { login: 'x' } })).rejects.toMatchObject({
    code: 'unknown-record-type',
  })
  await expect(forge.emit(issue.event('stared'), { id: '1' })).rejects.toMatchObject({ code: 'unknown-event-type' })
  await forge.stop()
  await forge.stop()
  await expect(forge.emit(issue.changed, change)).rejects.toMatchObject({ code: 'stopped' })
})

test('stop lets emits that have begun come to their end', async () => {
  const { subscribe, source, received } = rig()
  await subscribe('a', { attributes: ['author.login'] })
  const { link } = people()
  const forge = await source({ records: [{ type: issue, links: { author: link } }] })
  const emitted = forge.emit(issue.changed, change)
  await forge.stop()
  expect((await emitted).delivered).toEqual(['a'])
  expect((await received('a', 1))[0]!.data).toEqual({ 'author.login': 'user-1' })
})

test('the caller may change its objects as soon as emit has been called', async () => {
  const { subscribe, source, received } = rig()
  await subscribe('a', { attributes: ['author.login', 'title'] })
  const { link } = people()
  const forge = await source({ records: [{ type: issue, links: { author: link } }] })
  const after = { ...closed }
  const emitted = forge.emit(issue.changed, { id: '7', after })
  after.title = 'changed behind its back'
  await emitted
  expect((await received('a', 1))[0]!.data.title).toBe('It rains in')
})

test('a body over the limit rejects with the sizes of the largest attributes, and the others have the event', async () => {
  const { subscribe, source, received } = rig(2000)
  await subscribe('large', { attributes: ['labels[].name', 'title'] })
  await subscribe('small', { attributes: ['title'] })
  const forge = await source({ records: [{ type: issue, links: { author: people().link } }] })
  const labels = Array.from({ length: 100 }, (_, n) => ({ name: `a label of some length ${n}` }))
  const error = await forge.emit(issue.changed, { id: '7', after: { ...closed, labels } }).catch((thrown) => thrown)
  expect(error).toBeInstanceOf(AggregateError)
  expect(error.code).toBe('payload-too-large')
  expect(error.errors[0]).toMatchObject({
    code: 'payload-too-large',
    path: 'large',
    found: expect.stringMatching(/^labels\[\]\.name \d+/),
  })
  await received('small', 1)
})

test('a record that takes no part in a projection is not read from a whole one either', async () => {
  const { subscribe, source, received } = rig()
  await subscribe('whole', { attributes: ['repository'] })
  await subscribe('deep', { attributes: ['repository.owner.login'] })
  const { link } = people()
  const records: SourceOptions['records'] = [
    {
      type: issue,
      links: {
        author: link,
        repository: {
          key: (f) => f.repositoryId,
          type: repository,
          load: async (keys) => keys.map((key) => ({ name: key, ownerId: '5' })),
        },
      },
    },
    { type: repository, links: { owner: { ...link, key: (facts) => facts.ownerId } } },
  ]
  const forge = await source({ records })
  await forge.emit(issue.changed, change)
  expect((await received('whole', 1))[0]!.data).toEqual({ repository: { name: '10', ownerId: '5' } })
  expect((await received('deep', 1))[0]!.data).toEqual({ 'repository.owner.login': 'user-5' })
})

test('a linked record counts once as saved work, however many of its attributes are read', async () => {
  const { subscribe, source } = rig()
  await subscribe('nosy', { attributes: ['author.login', 'author.mail'] })
  const forge = await source({ records: [{ type: issue, links: { author: people().link } }] })
  await forge.emit(issue.changed, change)
  expect(forge.stats().listeners[0]).toMatchObject({ delivered: 1, linked: 1 })
})

test('an instance that does not remember an event tells of the record as it is now, and decides no filter and no change by it', async () => {
  const { source, broker } = rig()
  const load = async (keys: readonly string[]) => keys.map(() => ({ title: 'It snows in', state: 'open' }))
  await source({ records: [{ type: issue, load }] })
  const registry = await openRegistry({ transport: broker.transport })
  const [fact] = [...registry.snapshot().sources.values()]
  await registry.stop()
  const request = { v: 1, kind: 'complete', event: 'e1', type: 'issue.changed', subject: '7' } as const
  const attributes = ['title', '$before.state', '$changed[]']
  const answer = await ask(broker.transport, fact!.address, { ...request, attributes, filter: [['state']] }, 5000)
  expect(answer).toMatchObject({ remembered: false, values: { title: 'It snows in' } })
  expect(answer).not.toHaveProperty('filter')
  expect(answer.failed.map(({ path }) => path).sort()).toEqual(['$before.state', '$changed[]', '$filter'])
})

test('events of one record keep their order, however long their links take to load', async () => {
  const { subscribe, source, received } = rig()
  await subscribe('a', { attributes: ['author.login', 'title'] })
  let calls = 0
  const author = {
    key: (facts: Record<string, unknown>) => facts.authorId,
    load: async (keys: readonly string[]) => {
      const slow = calls++ === 0
      if (slow) await new Promise<void>((resolve) => systemClock.after(20, resolve))
      return keys.map((key) => ({ login: key }))
    },
  }
  const forge = await source({ records: [{ type: issue, links: { author } }] })
  const emit = (title: string, authorId: string | null, id = '7') =>
    forge.emit(issue.changed, { id, after: { ...open, title, authorId } })
  const first = emit('first', 'slow')
  await new Promise<void>((resolve) => systemClock.defer(resolve))
  await Promise.all([first, emit('second', null), emit('third', 'quick'), emit('of another record', null, '8')])
  const titles = (await received('a', 4)).map(({ data }) => data.title)
  expect(titles.filter((title) => title !== 'of another record')).toEqual(['first', 'second', 'third'])
  expect(titles[0]).toBe('of another record')
})

test('links to one record type through one loader share its batches and its cache', async () => {
  const { subscribe, source, received } = rig()
  await subscribe('issues', { attributes: ['author.login'] })
  await subscribe('users', { event: 'review.created', attributes: ['author.mail'] })
  const { link, calls } = people()
  const cached = { ...link, cache: { max: 10, ttlMs: 60_000 } }
  const review = defineRecord('review', z.object({ author: z.object({ login: z.string(), mail: z.string() }) }))
  const forge = await source({
    records: [
      { type: issue, links: { author: cached } },
      { type: review, links: { author: { ...cached } } },
    ],
  })
  await Promise.all([
    forge.emit(issue.changed, change),
    forge.emit(review.created, { id: '1', after: { authorId: '1' } }),
  ])
  await forge.emit(review.created, { id: '2', after: { authorId: '1' } })
  expect(calls.map(({ keys, context }) => [keys, context.attributes])).toEqual([[['1'], ['login', 'mail']]])
  expect(forge.stats().loaders).toMatchObject([{ name: 'issue.author, review.author', calls: 1, cacheHits: 1 }])
  await received('issues', 1)
  await received('users', 2)
})

test('a source that is started again knows nothing of a subscription that was withdrawn meanwhile', async () => {
  const { subscribe, source, broker } = rig()
  const fact = await subscribe('leaver')
  await subscribe('stayer')
  const forge = await source({ records: [{ type: issue, links: { author: people().link } }] })
  await forge.stop()
  await withdrawListener(broker.transport, fact)
  await forge.start()
  expect((await forge.emit(issue.changed, change)).delivered).toEqual(['stayer'])
})
