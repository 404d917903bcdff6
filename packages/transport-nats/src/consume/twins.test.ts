import { connect, type NatsConnection } from '@nats-io/transport-node'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { headersOf, seal } from '../envelope.js'
import { namesIn } from '../names.js'
import { broker, scratchNamespace, withBroker } from '../testdata/broker.js'
import { message, until } from '../testdata/until.js'

withBroker('what a broker hands out again', () => {
  const scratch = scratchNamespace()
  const names = namesIn(scratch.namespace)
  let nc: NatsConnection

  beforeAll(async () => {
    nc = await connect({ servers: broker.url })
  })
  afterAll(async () => {
    await nc.close()
    await scratch.tidy()
  })

  /** Stores it as a broker hands it out that has forgotten ack and key: with neither. */
  function again(id: string, marks: { hop?: number; attempt?: number }): Promise<unknown> {
    const sealed = seal({ id, headers: {}, ...marks })
    return nc.request(names.subject('q'), id, { headers: headersOf(sealed), timeout: 5000 })
  }

  test('is let go when a later copy is confirmed, and tried when it is the latest', async () => {
    const transport = await scratch.open()
    const tried: string[] = []
    await transport.consume('q', { concurrency: 5 }, async ({ message: { id }, attempt }) => {
      tried.push(`${id} ${attempt}`)
      if (id === 'parked') return { do: 'park', why: 'unwell' }
      if (id === 'last') return { do: 'ack' }
      return { do: 'retry', afterMs: attempt === 1 ? 0 : 60_000, why: 'unwell' }
    })
    await transport.publish(['q'], message('m'))
    await until('it waits for its third attempt', () => tried.length === 2)
    await transport.publish(['q'], message('parked'))
    await until('the other is parked', async () => (await transport.inspect('q'))?.parked === 1)
    await again('m', {})
    await again('m', { hop: 1, attempt: 2 })
    await again('parked', {})
    await again('last', { hop: 3, attempt: 4 })
    await until('the last is tried', () => tried.includes('last 4'))
    await until('only the retry is left', async () => {
      const { ready, unsettled } = (await transport.inspect('q')) ?? {}
      return ready === 0 && unsettled === 1
    })
    expect(tried).toEqual(['m 1', 'm 2', 'parked 1', 'last 4'])
    expect((await transport.inspect('q'))?.parked).toBe(1)
  })
})
