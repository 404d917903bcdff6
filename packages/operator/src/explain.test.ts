import { announceListener } from '@recordcast/registry'
import { expect, test } from 'vitest'
import { facts, issue, listenerFact, soon, stage } from './testdata/stage.js'

/** A forge, and a listener that wants closed issues of one tenant. */
async function bus() {
  const { forge, listener, operator, join } = stage()
  const source = await forge()
  const notifier = listener('notifier')
  let isSound = true
  notifier.on(
    issue.changed,
    {
      attributes: ['title', 'author.login'],
      where: { state: ['closed'], author: { mail: ['ann@example.org'] } },
      ...{ when: 'selected-changed', tenants: ['acme'] },
    },
    async () => {
      if (!isSound) throw new TypeError('no such template')
    },
  )
  await notifier.start()
  const seen = await operator()
  const emit = (id: string, after: object, tenant = 'acme') =>
    source.emit(issue.changed, { id: '7', before: facts, after: { ...facts, ...after } }, { id, tenant })
  return {
    ...{ seen, emit, notifier, source, join, operator },
    spoil: () => {
      isSound = false
    },
  }
}

test('why an event went, or which check held it back, with what was wanted and found', async () => {
  const { seen, emit } = await bus()
  await emit('went', { state: 'closed', title: 'T' })
  await emit('open', { title: 'T' })
  await emit('other', { state: 'closed', title: 'T' }, 'zoo')
  await emit('same', { state: 'closed' })
  const why = async (event: string) => await seen.explain({ listener: 'notifier', event })
  expect(await why('went')).toMatchObject({
    fate: 'delivered',
    queue: { depth: { attended: true }, paused: false },
    unknown: [],
  })
  expect((await why('went')).because.join()).toContain('forge put it into the queue')
  expect(await why('open')).toMatchObject({
    fate: 'held-back',
    because: ['The filter wants state "closed", found "open"'],
  })
  expect(await why('other')).toMatchObject({
    fate: 'held-back',
    because: [expect.stringContaining('tenant "zoo" is not wanted')],
  })
  expect(await why('same')).toMatchObject({
    fate: 'held-back',
    because: [expect.stringContaining('None of the attributes that it compares changed')],
  })
  expect(await why('never')).toMatchObject({ fate: 'unknown', because: ['No source remembers the event'] })
})

test('what is sensitive is masked in what a filter found', async () => {
  const { seen, emit } = await bus()
  await emit('went', { state: 'closed', title: 'T' })
  const { answers } = await seen.explain({ listener: 'notifier', event: 'went' })
  const leaves = answers[0]?.answer?.filter?.leaves ?? []
  expect(leaves.find(({ path }) => path.join('.') === 'author.mail')).toMatchObject({ held: true, found: ['***'] })
  expect(leaves.find(({ path }) => path.join('.') === 'state')).toMatchObject({ held: true, found: ['closed'] })
})

test('an event that is parked says so, with why, and where its attributes came from', async () => {
  const { seen, emit, spoil } = await bus()
  spoil()
  await emit('bad', { state: 'closed', title: 'T' })
  await soon(async () => expect((await seen.parked('notifier')).total).toBe(1))
  const told = await seen.explain({ listener: 'notifier', event: 'bad' })
  expect(told).toMatchObject({ fate: 'parked', parked: { id: 'bad', code: 'handler-failed', attempts: 1 } })
  expect(told.because[0]).toContain('TypeError: no such template')
  const from = Object.fromEntries((told.answers[0]?.answer?.attributes ?? []).map(({ path, from }) => [path, from]))
  expect(from).toMatchObject({ title: 'fact' })
  expect(['loaded', 'cached']).toContain(from['author.login'])
})

test('an event that was only made up is explained and never published', async () => {
  const { seen } = await bus()
  const sample = (state: string, tenant: string) => ({
    listener: 'notifier',
    sample: {
      type: 'issue.changed',
      subject: '9',
      tenant,
      before: { ...facts },
      after: { ...facts, state, title: 'New' },
    },
  })
  expect(await seen.explain(sample('closed', 'acme'))).toMatchObject({ fate: 'would-go' })
  expect(await seen.explain(sample('open', 'acme'))).toMatchObject({ fate: 'held-back' })
  const never = { type: 'issue.created', subject: '9', after: facts }
  expect(await seen.explain({ listener: 'notifier', sample: never })).toMatchObject({ fate: 'not-subscribed' })
  expect((await seen.listener('notifier')).depth).toMatchObject({ ready: 0, parked: 0 })
  const half = { type: 'issue.created', subject: '9' }
  await expect(seen.explain({ listener: 'notifier', sample: half })).rejects.toMatchObject({
    code: 'invalid-event',
    path: '/sample/after',
  })
  await expect(seen.explain({ listener: 'notifier' })).rejects.toMatchObject({ code: 'invalid-request' })
  await expect(seen.explain({ listener: 'nobody', event: 'e' })).rejects.toMatchObject({ code: 'unknown-listener' })
})

test('a source that does not answer is named, and so is a record that nobody owns', async () => {
  const { seen, join, emit } = await bus()
  await emit('went', { state: 'closed', title: 'T' })
  const { transport } = join()
  await announceListener(
    transport,
    listenerFact('lost', [{ event: 'ghost.changed', attributes: ['x'], tenants: 'all' }]),
  )
  await soon(async () => expect((await seen.listeners()).total).toBe(2))
  const told = await seen.explain({ listener: 'lost', event: 'went' })
  expect(told).toMatchObject({ fate: 'unknown', unknown: [{ why: 'no source on the board owns that record type' }] })
})

test('an event at a listener that is away is told to wait', async () => {
  const { seen, emit, notifier } = await bus()
  await notifier.stop()
  await emit('went', { state: 'closed', title: 'T' })
  const { fate, because } = await seen.explain({ listener: 'notifier', event: 'went' })
  expect(fate).toBe('delivered')
  expect(because.join()).toContain('the listener is away, 1 events wait')
})
