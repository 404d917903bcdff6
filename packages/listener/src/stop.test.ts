import { expect, test } from 'vitest'
import type { HandlerContext } from './handler.js'
import type { ListenerOptions } from './options.js'
import { createStage, issue } from './testdata/stage.js'

/** A started listener whose handlers run until they are released. */
async function started(options: Partial<ListenerOptions> = {}) {
  const stage = createStage()
  const running: { id: string; signal: AbortSignal; end: (error?: Error) => void }[] = []
  const listener = stage.listener(options)
  listener.on(issue.changed, { attributes: [] }, ({ id }, { signal }: HandlerContext) => {
    return new Promise<void>((resolve, reject) => {
      running.push({ id, signal, end: (error) => (error ? reject(error) : resolve()) })
    })
  })
  await listener.start()
  return { stage, clock: stage.clock, running, listener }
}

test('stop lets what runs end, gives back what waits in its order, and leaves no timer', async () => {
  const { stage, clock, running, listener } = await started({ concurrency: 1 })
  for (const id of ['a', 'b', 'c', 'd']) await stage.publish({ id, subject: id < 'c' ? '1' : '2' })
  await clock.until(() => listener.stats().waiting === 3)
  let stopped = false
  const stopping = listener.stop().then(() => {
    stopped = true
  })
  await clock.settle()
  expect(stopped).toBe(false)
  expect(await stage.transport.inspect('notifier')).toMatchObject({ ready: 3, unsettled: 1, attended: false })
  running[0]?.end()
  await stopping
  expect(listener.stats()).toMatchObject({ handled: 1, returned: 3, failed: 0 })
  expect(clock.armed).toBe(0)

  const next = stage.listener({ concurrency: 1 })
  const order: [string, number][] = []
  next.on(issue.changed, { attributes: [] }, ({ id }, { attempt }) => void order.push([id, attempt]))
  await next.start()
  await clock.until(() => order.length === 3)
  expect(order).toEqual([
    ['b', 1],
    ['c', 1],
    ['d', 1],
  ])
  await next.stop()
})

test('handlers that outlast stopTimeoutMs are told and their events go back uncounted', async () => {
  const { stage, clock, running, listener } = await started({ stopTimeoutMs: 700 })
  await stage.publish({ id: 'slow' })
  await clock.until(() => running.length === 1)
  const stopping = listener.stop()
  await clock.advance(699)
  expect(running[0]?.signal.aborted).toBe(false)
  await clock.advance(1)
  await stopping
  expect(running[0]?.signal.aborted).toBe(true)
  expect(listener.stats()).toMatchObject({ returned: 1, failed: 0, handled: 0 })
  expect(await stage.transport.inspect('notifier')).toMatchObject({ ready: 1, unsettled: 0 })
  expect(clock.armed).toBe(0)
})

test('stop waits no longer than stopTimeoutMs for a source that is asked to complete an event', async () => {
  const stage = createStage()
  await stage.source({ complete: () => new Promise<never>(() => undefined) })
  const listener = stage.listener({ stopTimeoutMs: 50, askTimeoutMs: 5000 })
  listener.on(issue.changed, { attributes: ['state'] }, () => undefined)
  await listener.start()
  await stage.publish({})
  await stage.clock.until(() => listener.stats().running === 1)
  const stopping = listener.stop()
  await stage.clock.advance(50)
  await stopping
  expect(listener.stats()).toMatchObject({ returned: 1, failed: 0 })
})

test('stop is idempotent, also at once, before a start and after it', async () => {
  const { stage, clock, listener } = await started()
  await Promise.all([listener.stop(), listener.stop()])
  await listener.stop()
  const never = stage.listener()
  await never.stop()
  expect(clock.armed).toBe(0)
})

test('a stop that comes during start stops what started', async () => {
  const stage = createStage()
  const listener = stage.listener().on(issue.changed, { attributes: [] }, () => undefined)
  const starting = listener.start()
  await listener.stop()
  await starting
  expect(await stage.transport.inspect('notifier')).toMatchObject({ attended: false })
  await listener.start()
  expect(await stage.transport.inspect('notifier')).toMatchObject({ attended: true })
  await listener.stop()
})

test('a start that comes during a stop waits for it', async () => {
  const { stage, running, clock, listener } = await started()
  await stage.publish({ id: 'a' })
  await clock.until(() => running.length === 1)
  const stopping = listener.stop()
  const starting = listener.start()
  running[0]?.end()
  await Promise.all([stopping, starting])
  expect(await stage.transport.inspect('notifier')).toMatchObject({ attended: true })
  await listener.stop()
})

test('stop does not reject when the broker is gone', async () => {
  const { clock, listener } = await started({ delivery: 'each' })
  await listener.transport.close()
  await listener.stop()
  await clock.settle()
  expect(clock.armed).toBe(0)
})

test('after stop nobody answers for the listener, and it stays subscribed', async () => {
  const { stage, listener } = await started()
  const [fact] = await stage.facts()
  await listener.stop()
  const asking = stage.transport.request(
    fact?.address ?? '',
    { id: 'x', body: new Uint8Array(), headers: {} },
    { timeoutMs: 100 },
  )
  await expect(asking).rejects.toMatchObject({ code: 'nobody-there' })
  expect(await stage.facts()).toEqual([fact])
})

test('the events of a listener that was killed are handled by the next, as the same attempt', async () => {
  const { stage, clock, running, listener } = await started()
  await stage.publish({ id: 'a' })
  await clock.until(() => running.length === 1)
  listener.kill()
  expect(running[0]?.signal.aborted).toBe(true)
  running[0]?.end()
  const seen: [string, number][] = []
  const next = stage
    .listener()
    .on(issue.changed, { attributes: [] }, ({ id }, { attempt }) => void seen.push([id, attempt]))
  await next.start()
  await clock.until(() => seen.length === 1)
  expect(seen).toEqual([['a', 1]])
  await next.stop()
})

test("instances of an 'each' listener have a queue each, which ends with its instance, announcement first", async () => {
  const stage = createStage()
  const seen: string[] = []
  const make = (name: string) =>
    stage
      .listener({ delivery: 'each' })
      .on(issue.changed, { attributes: ['title'] }, ({ id }) => void seen.push(`${name} ${id}`))
  const one = make('one')
  const two = make('two')
  await one.start()
  await two.start()
  const facts = await stage.facts()
  const queues = facts.map(({ queue }) => queue)
  expect(new Set(queues).size).toBe(2)
  for (const queue of queues) expect(queue).toMatch(/^notifier@[\w-]{22}$/)
  for (const queue of queues) await stage.publish({ id: 'x' }, {}, queue)
  await stage.clock.until(() => seen.length === 2)
  expect(seen.sort()).toEqual(['one x', 'two x'])
  const verbs: string[] = []
  stage.bus.faults.crashPoint = ({ verb, when, name }) => {
    if (when === 'before' && (verb === 'announce' || verb === 'drop')) verbs.push(`${verb} ${name}`)
  }
  await one.stop()
  expect(verbs).toEqual(['announce listeners', `drop ${queues[0]}`])
  expect((await stage.facts()).map(({ queue }) => queue)).toEqual([queues[1]])
  expect(await stage.transport.inspect(queues[0] ?? '')).toBeUndefined()
  await two.stop()
  expect(await stage.facts()).toEqual([])
})

test('unsubscribe withdraws first, then drops the queue, and nothing puts the fact back', async () => {
  const { stage, clock, listener } = await started()
  const verbs: string[] = []
  stage.bus.faults.crashPoint = ({ verb, when, name }) => {
    if (when === 'before' && (verb === 'announce' || verb === 'drop')) verbs.push(`${verb} ${name}`)
  }
  await listener.unsubscribe()
  await clock.advance(60_000)
  expect(verbs).toEqual(['announce listeners', 'drop notifier'])
  expect(await stage.facts()).toEqual([])
  expect(await stage.transport.inspect('notifier')).toBeUndefined()
  await listener.unsubscribe()
  expect(clock.armed).toBe(0)
})

test('unsubscribe without a start takes away every set of the queue, poisoned ones too', async () => {
  const stage = createStage()
  for (const attributes of [['title'], ['state']]) {
    const release = stage.listener().on(issue.changed, { attributes: attributes as ['title'] }, () => undefined)
    await release.start()
    await release.stop()
  }
  const other = stage.listener({ service: 'notifier2' }).on(issue.changed, { attributes: ['title'] }, () => undefined)
  await other.start()
  await stage.announceRaw('notifier/poison', 'poison')
  expect((await stage.transport.listQueues())?.length).toBe(2)
  await stage.listener().unsubscribe()
  await stage.listener().unsubscribe()
  await other.stop()
  const keys: string[] = []
  const watch = await stage.transport.watch(
    'listeners',
    (change) => void (change.type === 'fact' && keys.push(change.key)),
  )
  await stage.clock.settle()
  await watch.stop()
  expect(keys).toEqual([expect.stringMatching(/^notifier2\//)])
  expect(await stage.transport.inspect('notifier')).toBeUndefined()
})

test('unsubscribe tells when it could not withdraw', async () => {
  const { listener } = await started()
  await listener.transport.close()
  await expect(listener.unsubscribe()).rejects.toMatchObject({ code: 'transport-closed' })
})

test('an event that waits for its lane when the link is lost is not begun', async () => {
  const { stage, clock, running, listener } = await started()
  await stage.publish({ id: 'runs' })
  await stage.publish({ id: 'waits' })
  await clock.until(() => listener.stats().waiting === 1)
  listener.kill()
  running[0]?.end()
  await clock.settle()
  expect(running.map(({ id }) => id)).toEqual(['runs'])
})

test('a stop that comes during a start that waits for a stop has the last word', async () => {
  const { stage, running, clock, listener } = await started()
  await stage.publish({ id: 'a' })
  await clock.until(() => running.length === 1)
  const calls = [listener.stop(), listener.start(), listener.stop()]
  running[0]?.end()
  await Promise.all(calls)
  expect(await stage.transport.inspect('notifier')).toMatchObject({ attended: false })
  expect(clock.armed).toBe(0)
})
