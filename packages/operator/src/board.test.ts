import { announceListener, announceSource, withdrawSource } from '@recordcast/registry'
import { expect, test } from 'vitest'
import { facts, issue, listenerFact, soon, sourceFact, stage } from './testdata/stage.js'

const all = 'all' as const

test('pages go by key: what comes and goes between two of them moves nothing else', async () => {
  const { join, operator } = stage()
  const { transport } = join()
  const names = Array.from({ length: 25 }, (_, index) => `l${String(index).padStart(2, '0')}`)
  const put = (name: string) =>
    announceListener(transport, listenerFact(name, [{ event: 'issue.changed', attributes: [name], tenants: all }]))
  for (const name of names) await put(name)
  const seen = await operator()
  const found: string[] = []
  let cursor: string | undefined
  do {
    const page = await seen.listeners({ limit: 10, ...(cursor && { cursor }) })
    found.push(...page.items.map(({ queue }) => queue))
    cursor = page.next
    if (found.length === 10) {
      await put('a-new-one')
      await soon(async () => expect((await seen.listeners()).total).toBe(26))
    }
  } while (cursor !== undefined)
  expect(found).toEqual(names)
  expect((await seen.listeners({ search: 'L1' })).items).toHaveLength(10)
  expect((await seen.subscriptions({ attribute: 'l07' })).items).toMatchObject([{ queue: 'l07' }])
  expect((await seen.subscriptions({ event: 'issue', service: 'l03' })).total).toBe(1)
  expect((await seen.subscriptions({ event: 'user.changed' })).total).toBe(0)
})

test('who may have the events of a tenant is told by the tenants of each subscription', async () => {
  const { join, operator } = stage()
  const { transport } = join()
  const put = (name: string, tenants: 'all' | string[]) =>
    announceListener(transport, listenerFact(name, [{ event: 'issue.changed', attributes: ['title'], tenants }]))
  await put('trusted', 'all')
  await put('acme', ['acme'])
  const seen = await operator()
  const who = async (tenant: string) => (await seen.subscriptions({ tenant })).items.map(({ queue }) => queue)
  expect(await who('acme')).toEqual(['acme', 'trusted'])
  expect(await who('zoo')).toEqual(['trusted'])
})

test('a source is told whole: records, links, what is sensitive, projections, loaders and counts', async () => {
  const { forge, listener, operator } = stage()
  const source = await forge()
  for (const name of ['one', 'two', 'three']) {
    const made = listener(name)
    made.on(
      issue.changed,
      { attributes: name === 'three' ? ['state'] : ['title', 'author.login'] },
      async () => undefined,
    )
    await made.start()
  }
  const seen = await operator()
  await source.emit(issue.changed, { id: '7', before: facts, after: { ...facts, title: 'T' } })
  const told = await seen.source('forge')
  expect(told).toMatchObject({ emitted: 1, published: 3, failed: 0, inFlight: 0 })
  expect(told.records).toMatchObject([
    {
      name: 'issue',
      links: [{ name: 'author', target: 'user' }],
      open: true,
      events: ['issue.created', 'issue.changed', 'issue.deleted'],
    },
    { name: 'user', sensitive: ['mail'] },
  ])
  expect(told.projections.map(({ attributes, queues }) => [attributes.join(), queues.join()])).toEqual(
    expect.arrayContaining([
      ['author.login,title', 'one,two'],
      ['state', 'three'],
    ]),
  )
  expect(told.stats?.loaders).toMatchObject([{ name: expect.stringContaining('issue.author'), calls: 1 }])
  await expect(seen.source('forg')).rejects.toMatchObject({ code: 'unknown-source' })
  expect(await seen.source(told.id)).toMatchObject({ id: told.id })
})

test('an attribute tells who reads it, as what and how often, and a sensitive one that it is', async () => {
  const { forge, listener, operator } = stage()
  const source = await forge()
  const notifier = listener('notifier')
  notifier.on(
    issue.changed,
    { attributes: ['title'], where: { state: ['closed'] }, when: 'selected-changed' },
    async () => undefined,
  )
  await notifier.start()
  const seen = await operator()
  await source.emit(issue.changed, { id: '7', before: facts, after: { ...facts, state: 'closed', title: 'T' } })
  await source.emit(issue.changed, { id: '7', before: facts, after: { ...facts, title: 'T' } })
  const { attributes, owners } = await seen.attributes('issue')
  expect(owners).toEqual(['forge'])
  const of = (path: string) => attributes.find((each) => each.path === path)
  expect(of('title')).toMatchObject({ types: ['string'], readers: [{ as: 'payload', times: 1 }, { as: 'compared' }] })
  expect(of('state')).toMatchObject({ readers: [{ as: 'filter', queue: 'notifier', times: 2 }] })
  expect(of('labels.name')).toMatchObject({ types: ['string'], readers: [] })
  expect(of('author')).toMatchObject({ link: true, of: 'user' })
  expect(of('author.mail')).toMatchObject({ of: 'user', sensitive: true, readers: [] })
  await expect(seen.attributes('isue')).rejects.toMatchObject({ code: 'unknown-record-type', nearest: ['issue'] })
})

test('the picture has who feeds whom, how much went and how much was held back', async () => {
  const { forge, listener, operator } = stage()
  const source = await forge()
  const notifier = listener('notifier')
  notifier.on(issue.changed, { attributes: ['title'], where: { state: ['closed'] } }, async () => undefined)
  await notifier.start()
  const seen = await operator()
  await source.emit(issue.changed, { id: '7', before: facts, after: { ...facts, state: 'closed' } })
  await source.emit(issue.changed, { id: '7', before: facts, after: { ...facts, title: 'T' } })
  const { sources, listeners, arrows, more } = await seen.bus()
  expect(sources).toMatchObject([{ service: 'forge', instances: 1, silent: 0, emitted: 2, published: 1 }])
  expect(listeners).toMatchObject([{ queue: 'notifier', paused: false, depth: { attended: true } }])
  expect(arrows).toEqual([
    { from: 'forge', to: 'notifier', events: ['issue.changed'], seen: 2, delivered: 1, suppressed: 1 },
  ])
  expect(more).toBe(0)
})

test('the lint names what nobody reads or hears, what is gone, what drifted and what would be refused', async () => {
  const { join, operator } = stage()
  const { transport } = join()
  const schema = (...names: string[]) => ({
    type: 'object',
    properties: Object.fromEntries(names.map((name) => [name, { type: 'string' }])),
    additionalProperties: false,
  })
  await announceSource(
    transport,
    sourceFact('forge', {
      records: [
        { name: 'issue', schema: schema('title', 'body'), links: [] },
        { name: 'user', schema: schema('login'), links: [] },
      ],
    }),
  )
  await announceSource(
    transport,
    sourceFact('forge', {
      instance: 'two',
      address: 'source/forge/two',
      since: '2026-01-01',
      records: [{ name: 'issue', schema: schema('title'), links: [] }],
    }),
  )
  await announceListener(
    transport,
    listenerFact('notifier', [{ event: 'issue.changed', attributes: ['titel', 'title'], tenants: all }]),
  )
  await announceListener(transport, listenerFact('lost', [{ event: 'ghost.changed', attributes: ['x'], tenants: all }]))
  const seen = await operator()
  const { lint } = await seen.catalogue()
  expect(lint.map(({ rule, subject }) => `${rule} ${subject}`).sort()).toEqual([
    'schema-drift issue',
    'source-gone lost',
    'source-gone notifier',
    'unheard-record user',
    'unknown-attribute notifier',
    'unread-attribute issue.body',
  ])
  await withdrawSource(transport, { service: 'forge', instance: 'two' })
  await soon(async () => expect((await seen.catalogue()).lint.map(({ rule }) => rule)).not.toContain('schema-drift'))
})

test('who follows hears what comes and goes, what is decided and what operators do; nobody is asked when nobody follows', async () => {
  const { forge, listener, operator } = stage()
  const source = await forge()
  const seen = await operator()
  const heard: string[] = []
  const over = new AbortController()
  seen.follow((event) => {
    if (event.type === 'decision')
      heard.push(
        `${event.type} ${event.decision.id} ${event.decision.outcomes.map(({ queue, outcome }) => `${queue}:${outcome}`)}`,
      )
    else if (event.type === 'audit') heard.push(`${event.type} ${event.by} ${event.action}`)
    else if (event.type !== 'silent') heard.push(`${event.type} ${event.name} ${event.change}`)
  }, over.signal)
  const notifier = listener('notifier')
  notifier.on(issue.changed, { attributes: ['title'] }, async () => undefined)
  await notifier.start()
  await soon(() => expect(heard).toContain('listener notifier came'))
  await source.emit(issue.changed, { id: '7', before: facts, after: { ...facts, title: 'T' } }, { id: 'e1' })
  await soon(() => expect(heard).toContain('decision e1 notifier:delivered'))
  await seen.pause('notifier', { by: 'ann' })
  await soon(() => expect(heard).toEqual(expect.arrayContaining(['pause notifier came', 'audit ann pause'])))
  over.abort()
  const before = heard.length
  await source.emit(issue.changed, { id: '7', before: facts, after: { ...facts, title: 'T' } }, { id: 'e2' })
  await seen.resume('notifier', { by: 'ann' })
  expect(heard).toHaveLength(before)
})
