import type { Delivery, Verdict } from '@recordcast/transport'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { namesOf } from '../names.js'
import { leftOut } from '../testdata/broker.js'
import { beginTrial, message, type Trial } from '../testdata/trial.js'
import { propertiesOf } from '../wire.js'

const ack: Verdict = { do: 'ack' }

describe.skipIf(leftOut)('a verdict on RabbitMQ', () => {
  let trial: Trial
  beforeEach(() => {
    trial = beginTrial()
  })
  afterEach(() => trial.end({ queues: ['q', 'dropped'] }), 30_000)

  async function consumed(
    decide: (delivery: Delivery) => Verdict,
    options: Parameters<Trial['open']>[0] = {},
    queue = 'q',
  ) {
    const { transport, proxy } = await trial.open(options)
    const came: Delivery[] = []
    const errors: Error[] = []
    const running = await transport.consume(
      queue,
      { concurrency: 10, onError: (error) => void errors.push(error) },
      async (delivery) => {
        came.push(delivery)
        return decide(delivery)
      },
    )
    return { transport, proxy, came, errors, running }
  }

  test('a wait longer than every rung goes over several, unseen by the handler, and ends not before its time', async () => {
    const times: number[] = []
    const decide = ({ attempt }: Delivery): Verdict => {
      times.push(Date.now())
      return attempt === 1 ? { do: 'retry', afterMs: 700, why: 'later', headers: { over: 'yes' } } : ack
    }
    const { transport, came } = await consumed(decide, { retryDelaysMs: [50, 200] })
    await transport.publish(['q'], message('m'))
    await trial.until('it has come back', () => came.length === 2)
    expect(times[1]! - times[0]!).toBeGreaterThanOrEqual(700)
    expect(times[1]! - times[0]!).toBeLessThan(3000)
    expect([came[1]!.attempt, came[1]!.message.headers]).toEqual([2, { over: 'yes' }])
  })

  test('what comes again is let go when a later copy of it is confirmed, and the latest copy is tried', async () => {
    const decide = ({ message: { id }, attempt }: Delivery): Verdict => {
      if (id === 'parked') return { do: 'park', why: 'unwell' }
      if (id === 'last') return ack
      return { do: 'retry', afterMs: attempt === 1 ? 0 : 60_000, why: 'unwell' }
    }
    const { transport, came } = await consumed(decide, { retryDelaysMs: [60_000] })
    await transport.publish(['q'], message('m'))
    await trial.until('it waits for its third attempt', () => came.length === 2)
    await transport.publish(['q'], message('parked'))
    await trial.until('the other is parked', async () => (await transport.inspect('q'))?.parked === 1)
    const again = (id: string, attempt: number, hop: number): Promise<unknown> =>
      trial.raw(async (channel) => {
        const { body, ...rest } = message(id)
        const properties = propertiesOf({ body, ...rest }, { attempt, hop, seen: true })
        channel.sendToQueue(namesOf(trial.namespace).queue('q'), Buffer.from(body), properties)
        await channel.checkQueue(namesOf(trial.namespace).queue('q'))
      })
    await again('m', 1, 0)
    await again('m', 2, 1)
    await again('parked', 1, 0)
    await again('last', 4, 3)
    await trial.until('the last is tried', () => came.some((each) => each.message.id === 'last'))
    await trial.until('nothing is left', async () => {
      const { ready, unsettled } = (await transport.inspect('q')) ?? {}
      return ready === 0 && unsettled === 0
    })
    expect(came.map((each) => `${each.message.id} ${each.attempt}`)).toEqual(['m 1', 'm 2', 'parked 1', 'last 4'])
    expect((await transport.inspect('q'))?.parked).toBe(1)
  })

  test('retries of a queue that was dropped stop nobody else’s', async () => {
    const options = { retryDelaysMs: [300] }
    const decide = ({ attempt }: Delivery): Verdict =>
      attempt === 1 ? { do: 'retry', afterMs: 300, why: 'later' } : ack
    const dropped = await consumed(decide, options, 'dropped')
    const ids = Array.from({ length: 100 }, (_, n) => `${n}`)
    await Promise.all(ids.map((id) => dropped.transport.publish(['dropped'], message(id))))
    await trial.until('all have been seen', () => dropped.came.length === ids.length)
    await dropped.running.stop()
    await dropped.transport.drop('dropped')
    const other = await consumed(decide, options)
    await other.transport.publish(['q'], message('m'))
    await trial.until('it has come back', () => other.came.length === 2)
  })

  test('a rung that is deleted is made again, and the message that waits for it waits on', async () => {
    const decide = ({ attempt }: Delivery): Verdict =>
      attempt === 1 ? { do: 'retry', afterMs: 200, why: 'later' } : ack
    const { transport, came } = await consumed(decide, { retryDelaysMs: [200] })
    const { rung } = namesOf(trial.namespace)
    for (const kind of ['queue', 'exchange']) {
      await trial.raw((channel) =>
        kind === 'queue' ? channel.deleteQueue(rung(200)) : channel.deleteExchange(rung(200)),
      )
      await transport.publish(['q'], message(kind))
      await trial.until('it has come back', () => came.filter((each) => each.message.id === kind).length === 2)
      expect(came.filter((each) => each.message.id === kind).map(({ attempt }) => attempt)).toEqual([1, 2])
    }
  })

  test('what is returned again and again does not fill the log: in the end a copy goes to the back', async () => {
    let returns = 0
    const decide = ({ message: { id } }: Delivery): Verdict =>
      id === 'm' && ++returns < 300 ? { do: 'return', afterMs: 0, why: 'for another' } : ack
    const { transport, came } = await consumed(decide)
    await transport.publish(['q'], message('m'))
    await trial.until('it was returned so often', () => returns === 300)
    expect(came.every(({ attempt }) => attempt === 1)).toBe(true)
    expect((await transport.inspect('q'))?.ready).toBe(0)
  })

  test('headers that grow without end make a verdict none, which is told', async () => {
    const big = 'x'.repeat(12_000)
    const decide = ({ attempt }: Delivery): Verdict =>
      attempt === 1 ? { do: 'retry', afterMs: 0, why: 'again', headers: { one: big, two: big } } : ack
    const { transport, came, errors } = await consumed(decide)
    await transport.publish(['q'], { ...message('m'), headers: { three: big } })
    await trial.until('it has come back', () => came.length === 2)
    expect(errors.map((error) => (error as { code?: string }).code)).toEqual(['invalid-argument'])
    expect(came[1]!.message.headers).toEqual({ three: big })
  })

  test('a shelf that was deleted is made again by the next message parked, and takes none before a crash would spare it', async () => {
    const { transport } = await consumed(() => ({ do: 'park', why: 'bad' }))
    const shelf = namesOf(trial.namespace).shelf('q')
    const stands = () => trial.raw((channel) => channel.checkQueue(shelf).catch(() => undefined))
    for (const [first, second] of [
      ['a', 'b'],
      ['c', 'd'],
    ] as const) {
      await trial.raw((channel) => channel.deleteQueue(shelf))
      await transport.publish(['q'], message(first))
      await trial.until('it stands again', async () => (await stands()) !== undefined)
      const made = performance.now()
      await transport.publish(['q'], message(second))
      await trial.until('both are parked', async () => (await transport.inspect('q'))?.parked === 2)
      expect(performance.now() - made).toBeGreaterThan(1500)
    }
  })

  test('what a connection that breaks still held comes again over the next, in seats that are free', async () => {
    let running = 0
    let most = 0
    let open = (): void => {}
    const gate = new Promise<void>((resolve) => {
      open = resolve
    })
    const { transport, proxy } = await trial.open()
    const signals: AbortSignal[] = []
    const done: string[] = []
    await transport.consume('q', { concurrency: 3 }, async ({ message: { id }, signal, redelivered }) => {
      signals.push(signal)
      most = Math.max(most, ++running)
      if (!redelivered) await gate
      running--
      done.push(id)
      return ack
    })
    for (const id of ['a', 'b', 'c']) await transport.publish(['q'], message(id))
    await trial.until('three run', () => running === 3)
    proxy.cut()
    await trial.until('their signals are aborted', () => signals.every(({ aborted }) => aborted))
    open()
    await trial.until('all came again', () => done.length === 6)
    await trial.until('nothing is left', async () => (await transport.inspect('q'))?.unsettled === 0)
    expect(most).toBe(3)
  })

  test('what was acked in one breath at the end of a stop does not come again', async () => {
    const { transport } = await trial.open()
    const count = 300
    let came = 0
    let release = (): void => {}
    const released = new Promise<void>((resolve) => {
      release = resolve
    })
    const running = await transport.consume('q', { concurrency: 2 * count }, async () => {
      came++
      await released
      return ack
    })
    const ids = Array.from({ length: count }, (_, n) => `${n}`)
    await Promise.all(ids.map((id) => transport.publish(['q'], message(id))))
    await trial.until('all have come', () => came === count)
    const stopped = running.stop()
    await transport.publish(['q'], message('late'))
    await trial.until('it takes no more', async () => (await transport.inspect('q'))?.ready === 1)
    release()
    await stopped
    const again = await consumed(() => ack)
    await trial.until('the late one comes', () => again.came.some(({ message: { id } }) => id === 'late'))
    expect(again.came.map(({ message: { id } }) => id)).toEqual(['late'])
  })
})
