import { readFileSync } from 'node:fs'
import { jetstream, jetstreamManager } from '@nats-io/jetstream'
import { connect as connectNats, type NatsConnection } from '@nats-io/transport-node'
import { afterEach, describe, expect, test } from 'vitest'
import { wants } from '../testdata/transports.js'
import { assertNothingLeft } from './leftovers.js'
import { type Nats, startNats } from './nats.js'
import { waitUntil } from './wait-until.js'

const cleanups: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup()
  await assertNothingLeft()
})
const stopping = <T extends { stop(): Promise<void> }>(broker: T): T => {
  cleanups.push(broker.stop)
  return broker
}

describe.skipIf(!wants('nats'))('NATS', () => {
  const open = async (broker: Nats, port = new URL(broker.url).port): Promise<NatsConnection> => {
    const connection = await connectNats({
      servers: `127.0.0.1:${port}`,
      user: 'harness',
      pass: 'p"ss@',
      reconnect: false,
      timeout: 5000,
    })
    cleanups.push(() => connection.close())
    return connection
  }
  const portOf = (url = ''): string => new URL(url).port
  const auth = { user: 'harness', pass: 'p"ss@' }

  test('one node keeps an acknowledged message through kill -9, can be paused, and is taken away', async () => {
    const nats = stopping(await startNats({ auth, extraConfig: 'max_payload: 4096' }))
    const [node] = nats.nodes
    expect(new URL(nats.url)).toMatchObject({ username: 'harness', password: 'p%22ss%40' })
    await expect(connectNats({ servers: nats.url.replace(/.*@/, ''), reconnect: false })).rejects.toThrow()
    const connection = await open(nats)
    expect(connection.info?.max_payload).toBe(4096)
    await (await jetstreamManager(connection)).streams.add({ name: 'S', subjects: ['s'] })
    await jetstream(connection).publish('s', 'kept')

    const first = node?.pid
    await node?.kill()
    await expect(node?.whenUp()).rejects.toThrow('its process has ended')
    await node?.restart()
    await node?.whenUp()
    expect(node?.pid).not.toBe(first)
    const manager = await jetstreamManager(await open(nats))
    expect((await manager.streams.getMessage('S', { seq: 1 }))?.string()).toBe('kept')

    node?.pause()
    // The signal is on its way for a moment before the process stands still.
    await waitUntil(() => Promise.resolve(readFileSync(`/proc/${node?.pid}/stat`, 'utf8').includes(') T ')), {
      what: 'a stopped process',
    })
    await expect(node?.whenUp(300)).rejects.toThrow('in vain')
    node?.resume()
    await node?.whenUp()
    node?.pause()
    await Promise.all([nats.stop(), nats.stop()])
    await assertNothingLeft()
  }, 30_000)

  test('three nodes form a cluster that keeps its message and its service when the leader is killed', async () => {
    const nats = stopping(await startNats({ nodes: 3, auth }))
    expect(nats.nodes).toContain(await nats.leaderOf())
    const connection = await open(nats)
    await (await jetstreamManager(connection)).streams.add({ name: 'S', subjects: ['s'], num_replicas: 3 })
    await jetstream(connection).publish('s', 'kept')
    const leader = await waitUntil(() => nats.leaderOf('S'), { what: 'a leader of S' })
    expect(connection.info?.connect_urls ?? []).toEqual([])
    await leader.kill()
    const next = await waitUntil(() => nats.leaderOf('S'), { what: 'another leader of S', timeoutMs: 20_000 })
    expect(next).not.toBe(leader)
    const after = await open(nats, portOf(next.url))
    const { streams } = await waitUntil(() => jetstreamManager(after), { what: 'JetStream after the election' })
    const kept = await waitUntil(() => streams.getMessage('S', { seq: 1 }), { what: 'the message' })
    expect(kept?.string()).toBe('kept')
    const published = await waitUntil(() => jetstream(after).publish('s', 'and served'), { what: 'an ack' })
    expect(published.seq).toBe(2)
    await leader.restart()
    await leader.whenUp()
  }, 30_000)
})
