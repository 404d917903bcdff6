import { randomUUID } from 'node:crypto'
import { connect } from 'amqplib'
import { documentOf, textFor } from '../broker/document.js'
import { mostUnacked, type Side, type SideOptions } from '../broker/side.js'

/** What ours has too. */
export const socketOptions = { noDelay: true }
export const queueOptions = { durable: true, arguments: { 'x-queue-type': 'quorum' } }

/** What a user writes with amqplib alone: two connections, a channel a listener, one confirmed publish a queue, an ack a message. */
export async function openRaw({ url, listeners: count, bytes }: SideOptions): Promise<Side> {
  const [publishing, consuming] = [await connect(url, socketOptions), await connect(url, socketOptions)]
  const channel = await publishing.createConfirmChannel()
  const prefix = `bench-raw-${randomUUID().slice(0, 8)}`
  const queues = Array.from({ length: count }, (_, at) => `${prefix}.${at}`)
  for (const queue of queues) {
    await channel.assertQueue(queue, queueOptions)
    const consumer = await consuming.createChannel()
    await consumer.prefetch(mostUnacked)
    await consumer.consume(queue, (message) => {
      if (message === null) throw new Error(`${queue} has gone`)
      const { data } = JSON.parse(message.content.toString()) as ReturnType<typeof documentOf>
      side.heard(data.n)
      consumer.ack(message)
    })
  }
  const text = textFor(bytes)
  let returned = 0
  channel.on('return', () => returned++)
  const side: Side = {
    listeners: count,
    heard: () => undefined,
    send(n, done) {
      const document = documentOf(n, text)
      const body = Buffer.from(JSON.stringify(document))
      const options = {
        ...{ mandatory: true, persistent: true, messageId: document.id },
        headers: { 'content-type': 'application/cloudevents+json' },
      }
      let left = count
      let failure: unknown
      const confirmed = (error: unknown): void => {
        failure ??= error
        if (--left === 0) done(failure ?? (returned > 0 ? new Error(`${returned} copies came back`) : undefined))
      }
      for (const queue of queues) channel.publish('', queue, body, options, confirmed)
    },
    async close() {
      await consuming.close()
      for (const queue of queues) await channel.deleteQueue(queue)
      await publishing.close()
    },
  }
  return side
}
