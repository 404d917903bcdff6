import { digestOf } from '@recordcast/protocol/language'
import { replayParked } from '@recordcast/transport/replay'
import { expect, test } from 'vitest'
import type { ListenerEvent } from './handler.js'
import type { ListenerOptions } from './options.js'
import { createStage, issue, wireEvent } from './testdata/stage.js'

type Handled = { event: ListenerEvent<unknown>; attempt: number }

/** A started listener of issue.changed whose handler notes what it gets and then does as told. */
async function started(options: Partial<ListenerOptions> = {}, does: (handled: Handled) => unknown = () => undefined) {
  const stage = createStage()
  const seen: Handled[] = []
  const listener = stage.listener({ retry: { jitter: 0 }, ...options })
  listener.on(issue.changed, { attributes: { title: 'title', at: '$event.attempt' } }, (event, { attempt }) => {
    const handled = { event, attempt }
    seen.push(handled)
    return does(handled)
  })
  await listener.start()
  const { clock } = stage
  return { stage, clock, seen, listener, idle: () => clock.until(() => listener.stats().running === 0) }
}

test('a handler gets the event under its own names, with everything that the wire carried', async () => {
  const { stage, clock, seen, listener } = await started()
  const body = wireEvent({ tenant: 't', user: 'u', audience: ['u1'], data: { title: 'A', other: 1 } })
  await stage.publish(body)
  await clock.until(() => listener.stats().handled === 1)
  const { id, subject: record, type, source, tenant, user, audience } = body
  expect(seen[0]?.event).toEqual({
    id,
    record,
    type,
    source,
    tenant,
    user,
    audience,
    time: body.time,
    data: { title: 'A', at: 1 },
    missing: [],
  })
  await stage.publish({ data: { title: 'B' } })
  await clock.until(() => listener.stats().handled === 2)
  expect(seen[1]?.event).toMatchObject({ audience: 'service' })
  expect(seen[1]?.event).not.toHaveProperty('tenant')
  const stats = listener.stats()
  expect(stats).toMatchObject({ received: 2, handled: 2, failed: 0, running: 0, waiting: 0 })
  expect(stats.bytesReceived).toBeGreaterThan(400)
  expect(await stage.transport.inspect('notifier')).toMatchObject({ ready: 0, unsettled: 0 })
  await listener.stop()
})

test('keys like __proto__ are ordinary data', async () => {
  const stage = createStage()
  const seen: ListenerEvent<unknown>[] = []
  const listener = stage.listener()
  listener.on(
    issue.changed,
    { attributes: JSON.parse('{"__proto__":"constructor"}') },
    (event) => void seen.push(event),
  )
  await listener.start()
  await stage.publish({ data: JSON.parse('{"constructor":{"admin":true}}') })
  await stage.clock.until(() => listener.stats().handled === 1)
  expect(Object.keys(seen[0]?.data as object)).toEqual(['__proto__'])
  expect(Object.getPrototypeOf(seen[0]?.data)).toBe(Object.prototype)
  await listener.stop()
})

test('a handler that fails is tried again after each delay, then parked with the whole story', async () => {
  const { stage, clock, seen, listener } = await started(
    { retry: { delaysMs: [1000, 5000], jitter: 0 } },
    ({ attempt }) => Promise.reject(new TypeError(`no ${attempt}`)),
  )
  await stage.publish({ id: 'x' })
  await clock.until(() => seen.length === 1)
  const firstFailed = new Date(clock.now()).toISOString()
  await clock.advance(999)
  expect(seen).toHaveLength(1)
  await clock.advance(1)
  expect(seen).toHaveLength(2)
  await clock.advance(5000)
  expect(seen.map(({ attempt, event }) => [attempt, (event.data as { at: number }).at])).toEqual([
    [1, 1],
    [2, 2],
    [3, 3],
  ])
  const [parked] = await stage.parked()
  expect(parked).toMatchObject({ why: 'handler-failed: TypeError: no 3', attempt: 3 })
  expect(parked?.message.headers).toMatchObject({
    'error-code': 'handler-failed',
    'error-message': 'TypeError: no 3',
    'error-stack': expect.stringContaining('deliver.test'),
    attempts: '3',
    'first-failed-at': firstFailed,
    'first-error': 'handler-failed: TypeError: no 1',
  })
  expect(listener.stats()).toMatchObject({ received: 3, handled: 0, failed: 3, retried: 2, parked: 1 })
  expect(stage.logged.filter(({ level }) => level === 'error')).toHaveLength(1)
  await listener.stop()
})

test('where the driver carries no retry headers, the first failure is remembered here', async () => {
  const stage = createStage()
  const listener = stage.listener({ retry: { delaysMs: [10], jitter: 0 } })
  Object.assign(listener.transport.traits, { carriesRetryHeaders: false })
  const consume = listener.transport.consume.bind(listener.transport)
  listener.transport.consume = (queue, options, handle) =>
    consume(queue, options, async (delivery) => {
      const verdict = await handle(delivery)
      return verdict.do === 'retry' ? { do: 'retry', afterMs: verdict.afterMs, why: verdict.why } : verdict
    })
  listener.on(issue.changed, { attributes: [] }, (_, { attempt }) => {
    throw new Error(`no ${attempt}`)
  })
  await listener.start()
  await stage.publish({})
  await stage.clock.advance(10)
  const [parked] = await stage.parked()
  expect(parked?.message.headers).toMatchObject({ 'first-error': 'handler-failed: Error: no 1', attempts: '2' })
  await listener.stop()
})

test.each([
  [
    'throws',
    () => {
      throw new Error('sync')
    },
    'handler-failed: Error: sync',
  ],
  [
    'throws undefined',
    () => {
      throw undefined
    },
    'handler-failed: The handler threw undefined, which is no error',
  ],
  ['rejects with null', () => Promise.reject(null), 'handler-failed: The handler threw null, which is no error'],
  [
    'gives a hostile thenable',
    () =>
      Object.defineProperty({}, 'then', {
        get: () => {
          throw new Error('then')
        },
      }),
    'handler-failed: Error: then',
  ],
])('a handler that %s has failed and harms nothing', async (_, does, why) => {
  const { stage, clock, seen, listener } = await started({ retry: { delaysMs: [] } }, does)
  await stage.publish({ subject: '1' })
  await stage.publish({ subject: '2' })
  await clock.until(() => listener.stats().parked === 2)
  expect(seen).toHaveLength(2)
  expect((await stage.parked())[0]?.why).toBe(why)
  await listener.stop()
})

test('a handler that takes too long is told through its signal, and its slot is free', async () => {
  const stage = createStage()
  const signals: AbortSignal[] = []
  const listener = stage.listener({ timeoutMs: 500, concurrency: 1, retry: { delaysMs: [] } })
  listener.on(issue.changed, { attributes: [] }, (_, { signal }) => {
    signals.push(signal)
    return new Promise(() => undefined)
  })
  await listener.start()
  await stage.publish({ subject: '1' })
  await stage.publish({ subject: '2' })
  await stage.clock.until(() => signals.length === 1)
  await stage.clock.advance(499)
  expect(signals[0]?.aborted).toBe(false)
  await stage.clock.advance(1)
  expect(signals[0]?.reason).toMatchObject({ code: 'handler-timeout' })
  expect(signals).toHaveLength(2)
  expect((await stage.parked())[0]?.why).toBe('handler-timeout: The handler took longer than 500 ms')
  await stage.clock.advance(500)
  await listener.stop()
  expect(stage.clock.armed).toBe(0)
})

test.each([
  ['no JSON', '{', 'undecodable'],
  ['no CloudEvent', '[]', 'undecodable'],
  ['of another version', JSON.stringify({ specversion: '2.0' }), 'unsupported-version'],
])('a body that is %s is parked at once', async (_, text, code) => {
  const { stage, clock, seen, listener } = await started()
  await stage.transport.publish(['notifier'], { id: 'bad', body: new TextEncoder().encode(text), headers: {} })
  await clock.until(() => listener.stats().parked === 1)
  const [parked] = await stage.parked()
  expect(parked?.message.headers).toMatchObject({ 'error-code': code, attempts: '1' })
  expect(seen).toEqual([])
  await listener.stop()
})

test('a poison message does not use up the attempts of its neighbours', async () => {
  const { stage, clock, seen, listener } = await started({ retry: { delaysMs: [100], jitter: 0 } }, ({ event }) => {
    if (event.id === 'poison') throw new Error('poison')
  })
  await stage.publish({ id: 'poison' })
  for (const id of ['a', 'b', 'c']) await stage.publish({ id })
  await clock.advance(100)
  expect(seen.filter(({ event }) => event.id !== 'poison').map(({ attempt }) => attempt)).toEqual([1, 1, 1])
  expect(listener.stats()).toMatchObject({ handled: 3, parked: 1 })
  await listener.stop()
})

test('events of one record never run together and keep their order; others run beside them', async () => {
  let running = 0
  let most = 0
  const releases: (() => void)[] = []
  const { stage, clock, seen, listener } = await started({ concurrency: 4 }, async () => {
    running++
    most = Math.max(most, running)
    await new Promise<void>((resolve) => releases.push(resolve))
    running--
  })
  for (const id of ['a1', 'a2', 'a3']) await stage.publish({ id, subject: 'a' })
  await stage.publish({ id: 'b1', subject: 'b' })
  await stage.publish({ id: 'other-tenant', subject: 'a', tenant: 't' })
  await clock.until(() => running === 3)
  expect(seen.map(({ event }) => event.id)).toEqual(['a1', 'b1', 'other-tenant'])
  expect(listener.stats()).toMatchObject({ running: 3, waiting: 2 })
  for (let done = 0; done < 5; done++) {
    await clock.until(() => releases.length > done)
    releases[done]?.()
  }
  await clock.until(() => listener.stats().handled === 5)
  expect(most).toBe(3)
  expect(seen.map(({ event }) => event.id).slice(3)).toEqual(['a2', 'a3'])
  await listener.stop()
})

test('a second copy is acknowledged without being handled, also while the first still runs', async () => {
  let release = (): void => undefined
  const { stage, clock, seen, listener } = await started({}, () => new Promise<void>((resolve) => (release = resolve)))
  await stage.publish({ id: 'x' })
  await stage.publish({ id: 'x' })
  await clock.until(() => seen.length === 1)
  release()
  await clock.until(() => listener.stats().duplicates === 1)
  await stage.publish({ id: 'x', source: 'another' })
  await clock.until(() => seen.length === 2)
  release()
  await clock.until(() => listener.stats().handled === 2)
  expect(listener.stats()).toMatchObject({ received: 3 })
  await listener.stop()
})

test('an event is remembered only once it was handled, and forgotten after ttlMs', async () => {
  const { stage, clock, seen, listener } = await started(
    { dedup: { ttlMs: 1000 }, retry: { delaysMs: [10], jitter: 0 } },
    ({ attempt }) => {
      if (attempt === 1 && seen.length === 1) throw new Error('first time')
    },
  )
  await stage.publish({ id: 'x' })
  await clock.advance(10)
  expect(listener.stats()).toMatchObject({ handled: 1, retried: 1, duplicates: 0 })
  await clock.advance(1000)
  await stage.publish({ id: 'x' })
  await clock.until(() => listener.stats().duplicates === 1)
  await clock.advance(1)
  await stage.publish({ id: 'x' })
  await clock.until(() => listener.stats().handled === 2)
  await listener.stop()
})

test('a parked event that is replayed is handled, and once handled not again', async () => {
  let broken = true
  const { stage, clock, seen, listener } = await started({ retry: { delaysMs: [] } }, () => {
    if (broken) throw new Error('broken')
  })
  await stage.publish({ id: 'x' })
  await clock.until(() => listener.stats().parked === 1)
  broken = false
  await replayParked(stage.transport, 'notifier', { clock })
  await clock.until(() => listener.stats().handled === 1)
  expect(seen.map(({ event, attempt }) => [event.id, attempt])).toEqual([
    ['x', 1],
    ['x', 1],
  ])
  await stage.publish({ id: 'x' }, { 'redrive-of': 'x' })
  await clock.until(() => listener.stats().duplicates === 1)
  await listener.stop()
})

test('a store of its own is asked by source and id; one that fails counts as a failed attempt, one that cannot add is logged', async () => {
  const known = new Set(['forge/old'])
  let failing: 'has' | 'add' | undefined
  const store = {
    has: async (key: string) => {
      if (failing === 'has') throw new Error('store is down')
      return known.has(key)
    },
    add: (key: string) => {
      if (failing === 'add') throw new Error('store is full')
      known.add(key)
    },
  }
  const { stage, clock, seen, listener } = await started({ dedup: { store }, retry: { delaysMs: [10], jitter: 0 } })
  await stage.publish({ id: 'old' })
  await stage.publish({ id: 'new' })
  await clock.until(() => listener.stats().handled === 1)
  expect(listener.stats()).toMatchObject({ duplicates: 1 })
  expect(known).toContain('forge/new')
  failing = 'has'
  await stage.publish({ id: 'third' })
  await clock.until(() => listener.stats().retried === 1)
  failing = 'add'
  await clock.advance(10)
  expect(listener.stats()).toMatchObject({ handled: 2, parked: 0 })
  expect(stage.logged.some(({ message }) => message.includes('could not be remembered'))).toBe(true)
  expect(seen).toHaveLength(2)
  await listener.stop()
})

test('a store that hangs does not hold a lane for ever', async () => {
  const store = { has: () => new Promise<boolean>(() => undefined), add: () => undefined }
  const { stage, clock, listener } = await started({ dedup: { store }, timeoutMs: 100, retry: { delaysMs: [] } })
  await stage.publish({})
  await clock.advance(100)
  expect((await stage.parked())[0]?.why).toBe('handler-timeout: The dedup store took longer than 100 ms')
  await listener.stop()
})

test('an event of a type without a handler is acknowledged and counted when nobody else has it', async () => {
  const { stage, clock, seen, listener } = await started()
  await stage.publish({ type: 'issue.deleted' })
  await clock.until(() => listener.stats().suppressed === 1)
  expect(seen).toEqual([])
  await listener.stop()
})

test('a filter that the source could not decide is decided here', async () => {
  const stage = createStage()
  const seen: string[] = []
  const source = await stage.source({
    complete: ({ subject }) => ({ values: {}, filter: { state: subject === 'open' ? 'open' : 'closed' }, failed: [] }),
  })
  const listener = stage.listener()
  listener.on(
    issue.changed,
    { attributes: ['title'], where: { state: ['closed'] } },
    (event) => void seen.push(event.id),
  )
  await listener.start()
  const projection = digestOf(['title'])
  const missing = [{ path: '$filter', code: 'loader-failed', message: 'm' }]
  await stage.publish({ id: 'decided', projection })
  await stage.publish({ id: 'carried', projection, data: { title: 'T', $filter: { state: 'closed' } } })
  await stage.publish({ id: 'not carried', projection, data: { title: 'T', $filter: { state: 'open' } } })
  await stage.publish({ id: 'asked', projection, missing })
  await stage.publish({ id: 'not asked', projection, missing, subject: 'open' })
  await stage.clock.until(() => listener.stats().received === 5 && listener.stats().suppressed === 2)
  expect(seen.sort()).toEqual(['asked', 'carried', 'decided'])
  const completes = source.asked.filter(({ kind }) => kind === 'complete')
  expect(completes).toHaveLength(2)
  const asked = completes.find((each) => 'event' in each && each.event === 'asked')
  expect(asked).toMatchObject({ type: 'issue.changed', attributes: [], filter: [['state']] })
  await listener.stop()
})

test('a filter that nobody can decide fails the attempt, also where attributes may be missing', async () => {
  const stage = createStage()
  const listener = stage.listener({ missing: 'allow', retry: { delaysMs: [] } })
  listener.on(issue.changed, { attributes: ['title'], where: { state: ['closed'] } }, () => undefined)
  await listener.start()
  await stage.publish({ missing: [{ path: '$filter', code: 'loader-failed', message: 'm' }] })
  await stage.clock.until(() => listener.stats().parked === 1)
  expect((await stage.parked())[0]?.why).toContain('attribute-missing')
  await listener.stop()
})

test('a filter whose view could only be loaded in part is not judged by it', async () => {
  const stage = createStage()
  const failed = [
    { path: '$filter', code: 'loader-failed', message: 'a link that the filter reads could not be loaded' },
  ]
  await stage.source({ complete: () => ({ values: {}, filter: {}, failed }) })
  const listener = stage.listener({ retry: { delaysMs: [] } })
  listener.on(issue.changed, { attributes: ['title'], where: { state: ['closed'] } }, () => undefined)
  await listener.start()
  await stage.publish({ missing: [{ path: '$filter', code: 'loader-failed', message: 'm' }] })
  await stage.clock.until(() => listener.stats().parked === 1)
  expect(listener.stats()).toMatchObject({ suppressed: 0 })
  await listener.stop()
})
