import { connect } from '@nats-io/transport-node'
import { expect, test } from 'vitest'
import { broker, withBroker } from '../testdata/broker.js'
import { gather } from './gather.js'

interface Inside {
  readonly protocol: { readonly transport: { send(bytes: Uint8Array): void } }
}

withBroker('a link', () => {
  test('writes what is sent in one turn of the event loop in one piece, in order, and flushes all of it', async () => {
    const nc = await connect({ servers: broker.url })
    gather(nc)
    const heard: string[] = []
    const subject = `test.gather.${Math.random().toString(36).slice(2)}`
    nc.subscribe(subject, { callback: (_, message) => void heard.push(message.string()) })
    await nc.flush()
    const { transport } = (nc as unknown as Inside).protocol
    const send = transport.send.bind(transport)
    let pieces = 0
    transport.send = (bytes) => {
      pieces++
      send(bytes)
    }
    const texts = Array.from({ length: 50 }, (_, at) => `${at}`)
    for (const text of texts) {
      nc.publish(subject, text)
      // What comes of a promise belongs to the same turn.
      await Promise.resolve()
    }
    await nc.flush()
    expect(heard).toEqual(texts)
    expect(pieces).toBeLessThanOrEqual(2)
    await nc.close()
  })
})
