import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Opened } from '../link/channel.js'
import { leftOut } from '../testdata/broker.js'
import { beginTrial, message, type Trial } from '../testdata/trial.js'
import { Acks } from './acks.js'

/** A channel over which so many deliveries are out, with the broker's rules: an ack names one that is out, and one of all takes all before it. */
function channelWith(deliveries: number) {
  const out = new Set(Array.from({ length: deliveries }, (_, at) => at + 1))
  const taken = new Set<number>()
  const told = { frames: 0 }
  const settle = (
    { fields: { deliveryTag } }: { fields: { deliveryTag: number } },
    all: boolean,
    into?: Set<number>,
  ) => {
    told.frames++
    if (!out.has(deliveryTag)) throw new Error(`There is no delivery ${deliveryTag}`)
    for (const tag of out) if (tag === deliveryTag || (all && tag < deliveryTag)) into?.add(tag)
    for (const tag of out) if (tag === deliveryTag || (all && tag < deliveryTag)) out.delete(tag)
  }
  const channel = {
    ack: (received: { fields: { deliveryTag: number } }, all: boolean) => settle(received, all, taken),
    nack: (received: { fields: { deliveryTag: number } }, all: boolean) => settle(received, all),
  }
  return { opened: { channel, closed: false } as unknown as Opened, out, taken, told }
}

const received = (deliveryTag: number) => ({ fields: { deliveryTag } })

test('in whatever order deliveries are settled, each is acked or put back once and none in hand is', () => {
  const deliveries = 30
  const orders = fc.shuffledSubarray(
    Array.from({ length: deliveries }, (_, at) => at + 1),
    { minLength: 0, maxLength: deliveries },
  )
  const how = fc.array(fc.constantFrom('ack', 'ack', 'ack then flush', 'put back'), { minLength: 30, maxLength: 30 })
  fc.assert(
    fc.property(orders, how, (order, verbs) => {
      const { opened, out, taken } = channelWith(deliveries)
      const acks = new Acks({ now: () => 0, after: () => () => {}, defer: () => {} }, opened)
      const acked = new Set<number>()
      for (const [at, tag] of order.entries()) {
        if (verbs[at] === 'put back') acks.putBack(received(tag))
        else {
          acks.ack(received(tag))
          acked.add(tag)
        }
        if (verbs[at] === 'ack then flush') acks.flush()
      }
      acks.flush()
      expect([...taken].sort()).toEqual([...acked].sort())
      expect(out.size).toBe(deliveries - order.length)
    }),
  )
})

test('what is settled in one turn in the order in which it came is one ack', () => {
  const { opened, told, out } = channelWith(500)
  const acks = new Acks({ now: () => 0, after: () => () => {}, defer: () => {} }, opened)
  for (let tag = 1; tag <= 500; tag++) acks.ack(received(tag))
  acks.flush()
  expect(told.frames).toBe(1)
  expect(out.size).toBe(0)
})

describe.skipIf(leftOut)('a consumer', () => {
  let trial: Trial
  beforeEach(() => {
    trial = beginTrial()
  })
  afterEach(() => trial.end({ queues: ['q'] }), 30_000)

  test('acks what it has handled with fewer frames than deliveries, and not the one that it still has', async () => {
    const { transport, proxy } = await trial.open()
    const ids = Array.from({ length: 300 }, (_, at) => `m${at}`)
    await transport.declare('q')
    for (const id of ids) await transport.publish(['q'], message(id))
    const said: Buffer[] = []
    proxy.onClientBytes = (bytes) => void said.push(bytes)
    let handled = 0
    let giveBack = (): void => {}
    const slow = new Promise<void>((resolve) => {
      giveBack = resolve
    })
    const running = await transport.consume('q', { concurrency: ids.length }, async ({ message: { id } }) => {
      handled++
      if (id !== 'm200') return { do: 'ack' }
      await slow
      return { do: 'return', afterMs: 0, why: 'slow' }
    })
    await trial.until('all are handled', () => handled === ids.length)
    const stopped = running.stop()
    giveBack()
    await stopped
    const left = await trial.raw(async (channel) => {
      const { messageCount } = await channel.checkQueue(`${trial.namespace}.queue.q`)
      return { messageCount, next: await channel.get(`${trial.namespace}.queue.q`) }
    })
    expect(left).toMatchObject({ messageCount: 1, next: { properties: { messageId: 'm200' } } })
    // The 99 behind the slow one go one by one; the 200 before it in a few.
    expect(acksIn(Buffer.concat(said))).toBeLessThan(200)
  })
})

/** Frames of basic.ack. */
function acksIn(said: Buffer): number {
  const head = Buffer.from([0, 0, 0, 13, 0, 60, 0, 80])
  let count = 0
  for (let at = said.indexOf(head); at !== -1; at = said.indexOf(head, at + 1)) count++
  return count
}
