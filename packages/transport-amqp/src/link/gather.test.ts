import { randomUUID } from 'node:crypto'
import type { Writable } from 'node:stream'
import { connect } from 'amqplib'
import { expect, test } from 'vitest'
import { brokerUrl, leftOut } from '../testdata/broker.js'
import { gather } from './gather.js'

test.skipIf(leftOut)(
  'what is written in one turn of the event loop goes out in a few pieces, whole and in order',
  async () => {
    const model = await connect(brokerUrl, { noDelay: true })
    gather(model)
    const channel = await model.createConfirmChannel()
    const { queue } = await channel.assertQueue(`test-gather-${randomUUID()}`, { exclusive: true })
    const { stream } = model.connection as unknown as { readonly stream: Writable }
    let pieces = 0
    for (const way of ['_write', '_writev'] as const) {
      const write = (stream[way] as (...args: unknown[]) => void).bind(stream)
      stream[way] = (...args: unknown[]) => {
        pieces++
        write(...args)
      }
    }
    const texts = Array.from({ length: 50 }, (_, at) => `${at}`)
    for (const text of texts) channel.sendToQueue(queue, Buffer.from(text))
    await channel.waitForConfirms()
    expect(pieces).toBeLessThan(10)
    const got: unknown[] = []
    for (let n = 0; n < texts.length; n++) {
      const message = await channel.get(queue, { noAck: true })
      got.push(message === false ? message : message.content.toString())
    }
    expect(got).toEqual(texts)
    await model.close()
  },
)
