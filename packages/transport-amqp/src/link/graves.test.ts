import { connect } from 'amqplib'
import { describe, expect, onTestFinished, test } from 'vitest'
import { brokerUrl, leftOut } from '../testdata/broker.js'
import { bury, clearGraves } from './graves.js'

interface Inside {
  readonly channels: ({ readonly channel: { accept(frame: unknown): void } } | null)[]
}

describe.skipIf(leftOut)('the number of a channel that the broker closed', () => {
  test('is not given out again at once, and what comes for it breaks nothing', async () => {
    const model = await connect(brokerUrl)
    onTestFinished(() => model.close())
    const first = await model.createChannel()
    const { ch } = first as unknown as { readonly ch: number }
    first.on('error', () => {})
    // An ack of what was never delivered closes a channel with 406, too.
    const closed = new Promise<void>((resolve) => first.once('close', () => resolve(bury(model, ch))))
    first.ack({ fields: { deliveryTag: 99 } } as Parameters<typeof first.ack>[0])
    await closed
    const { channels } = model.connection as unknown as Inside
    channels[ch]?.channel.accept({ channel: ch })
    clearGraves(model)
    const second = await model.createChannel()
    expect((second as unknown as { readonly ch: number }).ch).not.toBe(ch)
    await second.checkExchange('amq.direct')
    expect(channels[ch]).not.toBeNull()
  })
})
