import { type ChannelModel, connect as connectRabbit } from 'amqplib'
import { afterEach, describe, expect, test } from 'vitest'
import { wants } from '../testdata/transports.js'
import { assertNothingLeft, leftovers } from './leftovers.js'
import { startRabbit } from './rabbit.js'
import { wait, waitUntil } from './wait-until.js'

/** A single node that is killed sooner after a queue's declaration loses what it confirmed: toolchain.md. */
const settled = 2000

const cleanups: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup()
  await assertNothingLeft()
})
const stopping = <T extends { stop(): Promise<void> }>(broker: T): T => {
  cleanups.push(broker.stop)
  return broker
}

describe.skipIf(!wants('amqp'))('RabbitMQ', () => {
  const open = async (url: string): Promise<ChannelModel> => {
    const connection = await connectRabbit(url, { timeout: 5000 })
    connection.on('error', () => {})
    cleanups.push(() => connection.close().catch(() => {}))
    return connection
  }
  const publish = async (url: string, queue: string, text: string): Promise<void> => {
    const channel = await (await open(url)).createConfirmChannel()
    channel.on('error', () => {})
    await channel.assertQueue(queue, { durable: true, arguments: { 'x-queue-type': 'quorum' } })
    channel.sendToQueue(queue, Buffer.from(text), { persistent: true })
    await channel.waitForConfirms()
  }
  /** A connection an attempt: while a queue has no leader, basic.get is answered by the end of the connection (541). */
  const take = async (url: string, queue: string): Promise<string> => {
    const attempt = async () => {
      const channel = await (await open(url)).createChannel()
      channel.on('error', () => {})
      return channel.get(queue, { noAck: true })
    }
    const message = await waitUntil(attempt, { what: queue, timeoutMs: 15_000, everyMs: 500 })
    return message.content.toString()
  }

  test('one node keeps a confirmed message through kill -9, is killed as it boots, paused, and taken away', async () => {
    const rabbit = stopping(await startRabbit({ config: { channel_max: 77 } }))
    const [node] = rabbit.nodes
    expect(rabbit.urls).toEqual([node?.url])
    await publish(rabbit.url, 'q', 'kept')
    await Promise.all([
      wait(settled),
      expect(rabbit.ctl('environment')).resolves.toContain('{channel_max,77}'),
      expect(rabbit.ctl('no_such_command')).rejects.toThrow('no_such_command'),
    ])

    const first = node?.pid
    await node?.kill()
    expect(node?.isRunning()).toBe(false)
    await expect(node?.whenUp()).rejects.toThrow('its process has ended')
    await node?.restart()
    await waitUntil(() => leftovers().filter((line) => line.includes('beam')).length > 0, { what: 'it to boot' })
    await node?.restart()
    await node?.whenUp()
    expect(node?.pid).not.toBe(first)
    expect(await take(rabbit.url, 'q')).toBe('kept')

    node?.pause()
    await expect(node?.whenUp(300)).rejects.toThrow('in vain')
    node?.resume()
    await node?.whenUp()
    node?.pause()
    await Promise.all([rabbit.stop(), rabbit.stop()])
    await assertNothingLeft()
  }, 60_000)

  test('three nodes form a cluster that keeps its message and its service when the leader is killed', async () => {
    const rabbit = stopping(await startRabbit({ nodes: 3 }))
    await publish(rabbit.url, 'q', 'kept')
    const [leader] = await Promise.all([rabbit.leaderOf('q'), wait(settled)])
    expect(rabbit.nodes).toContain(leader)
    await leader?.kill()
    const [other] = rabbit.nodes.filter((node) => node !== leader)
    expect(await take(other?.url ?? '', 'q')).toBe('kept')
    await leader?.restart()
    await leader?.whenUp()
    await publish(leader?.url ?? '', 'q', 'and served')
    expect(await take(other?.url ?? '', 'q')).toBe('and served')
  }, 60_000)
})
