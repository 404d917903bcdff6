import { expect, test } from 'vitest'
import { closing, issue, rig } from './testdata/rig.js'

const decisions = { v: 1, kind: 'decisions', limit: 100 } as const
const stats = { v: 1, kind: 'stats', offset: 0 } as const

test('the log says of each event what became of it at each queue that was worth a look', async () => {
  const { source, subscribe, ask, transport } = await rig()
  await source.emit(
    issue.created,
    { id: '1', after: { title: 'T', state: 'open', authorId: 'u1' } },
    { id: 'unwanted' },
  )
  await subscribe('all')
  await subscribe('acme', { tenants: ['acme'] })
  await subscribe('title', { when: 'selected-changed', selected: ['title'] })
  await subscribe('bob', { filter: { author: { login: ['bob'] } } })
  await subscribe('merged', { filter: { state: ['merged'] } })
  await subscribe('lost')
  await transport.drop('lost')
  const result = await source.emit(issue.changed, { id: '7', ...closing }, { user: 'ann' })
  const answer = await ask(decisions)
  expect(answer).toMatchObject({ next: 2, sample: 1, keeps: 1000 })
  const [unwanted, wanted] = answer.decisions
  expect(unwanted).toEqual({
    id: 'unwanted',
    type: 'issue.created',
    subject: '1',
    time: expect.any(String),
    outcomes: [],
  })
  expect(wanted).toMatchObject({ id: result.id, type: 'issue.changed', subject: '7' })
  expect(wanted!.outcomes.map(({ queue, outcome }) => `${queue} ${outcome}`).sort()).toEqual([
    'acme tenant',
    'all delivered',
    'bob filter',
    'lost gone',
    'title unchanged',
  ])
  const delivered = wanted!.outcomes.find(({ outcome }) => outcome === 'delivered')!
  expect(delivered.bytes).toBeGreaterThan(100)
  expect(delivered.ms).toBeGreaterThanOrEqual(0)
  expect(Math.abs(Date.parse(wanted!.time) - Date.now())).toBeLessThan(60_000)
})

test('an event on its way is pending, one that a queue refused has failed and why', async () => {
  const { source, subscribe, ask, transport } = await rig()
  for (const name of ['slow', 'lost', 'well']) await subscribe(name)
  let refuse = (): void => undefined
  transport.publish = () =>
    new Promise((resolve) => {
      const error = Object.assign(new Error('no room'), { retryable: false })
      refuse = () => resolve({ gone: ['lost'], failed: [{ queue: 'slow', error: error as never }] })
    })
  const emitting = source.emit(issue.changed, { id: '7', ...closing })
  const outcomes = async () => (await ask(decisions)).decisions[0]!.outcomes
  const all = ['slow', 'lost', 'well']
  expect(await outcomes()).toEqual(all.map((queue) => ({ queue, outcome: 'pending' })))
  expect((await ask(stats)).source).toMatchObject({ inFlight: 3, failed: 0 })
  refuse()
  await expect(emitting).rejects.toMatchObject({ code: 'publish-failed', gone: ['lost'] })
  expect(await outcomes()).toMatchObject([
    { queue: 'slow', outcome: 'failed', problem: { code: 'publish-failed' } },
    { queue: 'lost', outcome: 'gone' },
    { queue: 'well', outcome: 'delivered' },
  ])
  expect((await ask(stats)).source).toMatchObject({ inFlight: 0, failed: 1 })
})

test('the log is a ring: it keeps the latest, every n-th of them, and is read on from a mark', async () => {
  const { source, ask } = await rig({ decisions: { keep: 5, sample: 3 } })
  for (let n = 1; n <= 30; n++) await source.emit(issue.deleted, { id: `${n}`, before: closing.before })
  const first = await ask({ ...decisions, limit: 2 })
  expect(first.decisions.map(({ subject }) => subject)).toEqual(['18', '21'])
  expect(first).toMatchObject({ sample: 3, keeps: 5 })
  const rest = await ask({ ...decisions, after: first.next })
  expect(rest.decisions.map(({ subject }) => subject)).toEqual(['24', '27', '30'])
  expect((await ask({ ...decisions, after: rest.next })).decisions).toEqual([])
  expect((await ask({ ...decisions, after: 1_000_000 })).decisions.length).toBe(5)
  const off = await rig({ decisions: { keep: 0 } })
  await off.source.emit(issue.deleted, { id: '1', before: closing.before })
  expect(await off.ask(decisions)).toMatchObject({ decisions: [], next: 0, keeps: 0 })
})

test('of a crowd 64 queues are listed and the rest are counted, and a page of such events stays small', async () => {
  const { source, subscribe, ask } = await rig()
  for (let n = 0; n < 70; n++) await subscribe(`listener-${'x'.repeat(100)}-${n}`)
  for (let n = 0; n < 40; n++) await source.emit(issue.changed, { id: `${n}`, ...closing })
  const answer = await ask(decisions)
  expect(answer.decisions[0]!.outcomes.length).toBe(64)
  expect(answer.decisions[0]!.more).toBe(6)
  expect(answer.decisions.length).toBeLessThan(40)
  expect(JSON.stringify(answer).length).toBeLessThan(300 * 1024)
  const rest = await ask({ ...decisions, after: answer.next })
  expect(rest.decisions[0]!.subject).toBe(`${answer.decisions.length}`)
})

test('of a queue with two sets the one that wants the event decides', async () => {
  const { source, subscribe, ask } = await rig()
  await subscribe('both', { filter: { author: { login: ['bob'] } } })
  await subscribe('both', { attributes: ['state'] })
  await source.emit(issue.changed, { id: '7', ...closing })
  expect((await ask(decisions)).decisions[0]!.outcomes).toMatchObject([{ queue: 'both', outcome: 'delivered' }])
})

test('stats come in pages of 256 subscriptions in the order of their queues, with what loaders and projections cost', async () => {
  const { source, subscribe, ask } = await rig()
  const names = Array.from({ length: 300 }, (_, n) => `q${String(n).padStart(3, '0')}`)
  for (const name of names.toReversed()) await subscribe(name, { attributes: ['author.login'] })
  await source.emit(issue.changed, { id: '7', ...closing })
  const first = (await ask(stats)).source!
  const second = (await ask({ ...stats, offset: 256 })).source!
  expect([...first.subscriptions, ...second.subscriptions].map(({ queue }) => queue)).toEqual(names)
  expect(first.total).toBe(300)
  expect(first.subscriptions[0]).toEqual({
    ...{ queue: 'q000', event: 'issue.changed', seen: 1, delivered: 1 },
    suppressed: { filter: 0, tenant: 0, unchanged: 0 },
  })
  expect(first.loaders).toMatchObject([{ name: 'issue.author', calls: 1, keys: 1, failures: 0 }])
  expect(first).toMatchObject({ emitted: 1, published: 300, projections: 1, failed: 0, inFlight: 0 })
  expect(first.projectionBytes).toBeGreaterThan(300 * 200)
  const some = (await ask({ ...stats, queues: ['q007', 'q299', 'none'] })).source!
  expect(some.subscriptions.map(({ queue }) => queue)).toEqual(['q007', 'q299'])
  expect(some.total).toBe(2)
})

test.each([
  [{ keep: -1 }, '/decisions/keep'],
  [{ keep: 1.5 }, '/decisions/keep'],
  [{ sample: 0 }, '/decisions/sample'],
  [{ sample: '2' as never }, '/decisions/sample'],
  [null as never, '/decisions'],
])('the option decisions %j is refused', async (options, path) => {
  await expect(rig({ decisions: options })).rejects.toMatchObject({ code: 'invalid-options', path })
})
