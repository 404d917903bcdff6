import { listenerAddress } from '@recordcast/protocol/names'
import { ask } from '@recordcast/registry'
import { expect, test } from 'vitest'
import type { HandlerContext } from './handler.js'
import type { ListenerOptions } from './options.js'
import { createStage, issue } from './testdata/stage.js'

type Stage = ReturnType<typeof createStage>

/** A listener whose handlers run until they are released. */
function waiting(stage: Stage, options: Partial<ListenerOptions> = {}) {
  const running: { id: string; attempt: number; signal: AbortSignal; end: (error?: Error) => void }[] = []
  const listener = stage.listener(options)
  listener.on(issue.changed, { attributes: [] }, ({ id }, { signal, attempt }: HandlerContext) => {
    return new Promise<void>((resolve, reject) => {
      running.push({ id, attempt, signal, end: (error) => (error ? reject(error) : resolve()) })
    })
  })
  return { listener, running }
}

test('a pause lets what runs settle and gives back what waits, uncounted and in its order; a resume goes on', async () => {
  const stage = createStage()
  const { clock, transport } = stage
  const { listener, running } = waiting(stage, { concurrency: 1 })
  await listener.start()
  for (const id of ['a', 'b', 'c', 'd']) await stage.publish({ id, subject: '1' })
  await clock.until(() => listener.stats().waiting === 3)
  await stage.pause()
  await clock.until(() => listener.stats().paused)
  expect(await transport.inspect('notifier')).toMatchObject({ ready: 3, unsettled: 1, attended: false })
  expect(running[0]?.signal.aborted).toBe(false)
  running[0]?.end()
  await clock.settle()
  await stage.publish({ id: 'e', subject: '1' })
  await clock.advance(60_000)
  expect(await transport.inspect('notifier')).toMatchObject({ ready: 4, unsettled: 0, attended: false })
  expect(listener.stats()).toMatchObject({ paused: true, handled: 1, returned: 3, failed: 0, running: 0, waiting: 0 })

  await stage.resume()
  for (let at = 1; at <= 4; at++) {
    await clock.until(() => running.length > at)
    running[at]?.end()
  }
  await clock.settle()
  expect(running.map(({ id, attempt }) => [id, attempt])).toEqual(['a', 'b', 'c', 'd', 'e'].map((id) => [id, 1]))
  expect(listener.stats()).toMatchObject({ paused: false, handled: 5, failed: 0 })
  await listener.stop()
  expect(listener.stats().paused).toBe(false)
  expect(clock.armed).toBe(0)
})

test('a listener that starts while its queue is paused starts, says so, and takes nothing until the pause is over', async () => {
  const stage = createStage()
  await stage.source()
  await stage.pause()
  const { listener, running } = waiting(stage)
  await listener.start()
  await stage.publish({ id: 'a' })
  await stage.clock.settle()
  expect(running).toEqual([])
  expect(listener.stats().paused).toBe(true)
  expect(stage.logged.map(({ message }) => message)).toContain(
    'The queue of this listener is paused; it takes no events yet',
  )
  await listener.stop()

  const later = waiting(stage)
  await later.listener.start()
  expect(await stage.transport.inspect('notifier')).toMatchObject({ ready: 1, attended: false })
  await stage.resume()
  await stage.clock.until(() => later.running.length === 1)
  later.running[0]?.end()
  await later.listener.stop()
})

test('all instances of a listener pause, and nobody else', async () => {
  const stage = createStage()
  const [one, two] = [waiting(stage), waiting(stage)]
  const other = waiting(stage, { service: 'search' })
  for (const { listener } of [one, two, other]) await listener.start()
  await stage.pause()
  await stage.clock.until(() => one.listener.stats().paused && two.listener.stats().paused)
  expect(other.listener.stats().paused).toBe(false)
  expect(await stage.transport.inspect('notifier')).toMatchObject({ attended: false })
  expect(await stage.transport.inspect('search')).toMatchObject({ attended: true })
  for (const { listener } of [one, two, other]) await listener.stop()
  expect(await stage.pauses()).toEqual(['notifier'])
})

test('a resume that comes while handlers still run takes effect when they have ended', async () => {
  const stage = createStage()
  const { listener, running } = waiting(stage)
  await listener.start()
  await stage.publish({ id: 'a' })
  await stage.clock.until(() => running.length === 1)
  await stage.pause()
  await stage.clock.until(() => listener.stats().paused)
  await stage.resume()
  await stage.publish({ id: 'b', subject: '8' })
  await stage.clock.settle()
  expect(running.length).toBe(1)
  running[0]?.end()
  await stage.clock.until(() => running.length === 2)
  expect(listener.stats()).toMatchObject({ paused: false, handled: 1 })
  running[1]?.end()
  await listener.stop()
})

test('a stop during a pause waits for handlers no longer than stopTimeoutMs', async () => {
  const stage = createStage()
  const { listener, running } = waiting(stage, { stopTimeoutMs: 700 })
  await listener.start()
  await stage.publish({ id: 'slow' })
  await stage.clock.until(() => running.length === 1)
  await stage.pause()
  await stage.clock.until(() => listener.stats().paused)
  const stopping = listener.stop()
  await stage.clock.advance(700)
  await stopping
  expect(running[0]?.signal.aborted).toBe(true)
  expect(listener.stats()).toMatchObject({ returned: 1, failed: 0 })
  expect(stage.clock.armed).toBe(0)
})

test('a consumer that cannot be made is tried for again, and a stop does not wait for it for ever', async () => {
  const stage = createStage()
  await stage.pause()
  const { listener, running } = waiting(stage, { stopTimeoutMs: 500 })
  const consume = listener.transport.consume.bind(listener.transport)
  let refusals = 3
  listener.transport.consume = (...input) =>
    refusals-- > 0 ? Promise.reject(new Error('no such luck')) : consume(...input)
  await listener.start()
  await stage.resume()
  await stage.clock.advance(2000)
  expect(listener.stats().paused).toBe(true)
  await stage.clock.advance(1000)
  expect(listener.stats().paused).toBe(false)
  await stage.publish({ id: 'a' })
  await stage.clock.until(() => running.length === 1)
  running[0]?.end()

  await stage.pause()
  await stage.clock.until(() => listener.stats().paused)
  let made = (): void => undefined
  listener.transport.consume = (...input) =>
    new Promise((resolve) => {
      made = () => resolve(consume(...input))
    })
  await stage.resume()
  await stage.clock.settle()
  const stopping = listener.stop()
  await stage.clock.advance(500)
  await stopping
  made()
  await stage.clock.settle()
  expect(await stage.transport.inspect('notifier')).toMatchObject({ attended: false })
})

test('unsubscribe takes the pause along, started or not; so does the end of an instance queue', async () => {
  const stage = createStage()
  const { listener } = waiting(stage)
  await listener.start()
  await stage.pause()
  await stage.clock.until(() => listener.stats().paused)
  await listener.unsubscribe()
  expect(await stage.pauses()).toEqual([])
  expect(await stage.transport.inspect('notifier')).toBeUndefined()

  await listener.start()
  await listener.stop()
  await stage.pause()
  await listener.unsubscribe()
  expect(await stage.pauses()).toEqual([])

  const each = waiting(stage, { delivery: 'each' })
  await each.listener.start()
  const [{ queue } = { queue: '' }] = await stage.facts()
  await stage.pause(queue)
  await stage.clock.until(() => each.listener.stats().paused)
  await each.listener.stop()
  expect(await stage.pauses()).toEqual([])
})

test('a pause that cannot be read pauses nobody, and unsubscribe takes it away', async () => {
  const stage = createStage()
  const { listener } = waiting(stage)
  await listener.start()
  const body = new TextEncoder().encode('{"v":1,"kind":"pause"}')
  await stage.transport.announce('pauses', 'notifier', { id: 'x', body, headers: {} })
  await stage.clock.settle()
  expect(listener.stats().paused).toBe(false)
  expect(stage.logged.map(({ level }) => level)).toContain('warn')
  await listener.unsubscribe()
  const left: string[] = []
  const running = await stage.transport.watch('pauses', (change) => void left.push(change.type))
  await stage.clock.until(() => left.includes('synced'))
  await running.stop()
  expect(left).toEqual(['synced'])
})

test('operators are told what a listener has counted, and whether it is paused', async () => {
  const stage = createStage()
  const { listener, running } = waiting(stage)
  await listener.start()
  await stage.publish({ id: 'a' })
  await stage.clock.until(() => running.length === 1)
  await stage.clock.advance(250)
  running[0]?.end()
  await stage.pause()
  await stage.clock.until(() => listener.stats().paused)
  const [{ set } = { set: '' }] = await stage.facts()
  const address = listenerAddress('notifier', set)
  const asked = ask(stage.transport, address, { v: 1, kind: 'stats', offset: 0 }, 1000)
  await stage.clock.settle()
  expect(await asked).toMatchObject({
    ...{ kind: 'stats', upMs: 250 },
    listener: { received: 1, handled: 1, running: 0, waiting: 0, handlerMs: 250, paused: true, refusals: [] },
  })
  const wrong = ask(stage.transport, address, { v: 1, kind: 'decisions', limit: 5 }, 1000).catch(({ code }) => code)
  await stage.clock.settle()
  expect(await wrong).toBe('announcement-invalid')
  await listener.stop()
})
