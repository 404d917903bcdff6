import { randomUUID } from 'node:crypto'
import {
  AckPolicy,
  DiscardPolicy,
  type JsMsg,
  jetstream,
  jetstreamManager,
  RetentionPolicy,
  StorageType,
} from '@nats-io/jetstream'
import { connect, nanos } from '@nats-io/transport-node'
import { documentOf, textFor } from '../broker/document.js'
import { mostUnacked, type Side, type SideOptions } from '../broker/side.js'

/** 'confirmed': the broker answers each ack, as it does ours. 'sent': nobody hears whether it has arrived. */
export type Acks = 'confirmed' | 'sent'

const encoder = new TextEncoder()
// On a busy machine the client's five seconds are short, and it does not try again as ours does.
const timeout = 30_000

/**
 * What a user writes with the client alone: two connections, a work-queue stream and a durable pull consumer a listener with ours' settings,
 * one publish with a message id a queue, an ack a message. The client's asynchronous stack traces are off, as they are in ours.
 */
export async function openRaw({ url, listeners: count, bytes }: SideOptions, acks: Acks): Promise<Side> {
  const options = { servers: url, noAsyncTraces: true }
  const [publishing, consuming] = [await connect(options), await connect(options)]
  const manager = await jetstreamManager(consuming)
  const prefix = `bench-raw-${randomUUID().slice(0, 8)}`
  const queues = Array.from({ length: count }, (_, at) => `${prefix}-${at}`)
  const unanswered: unknown[] = []
  const take = (message: JsMsg): void => {
    const { data } = message.json<ReturnType<typeof documentOf>>()
    side.heard(data.n)
    if (acks === 'sent') message.ack()
    else message.ackAck().catch((error: unknown) => unanswered.push(error))
  }
  const consumers = await Promise.all(
    queues.map(async (queue) => {
      await manager.streams.add({
        ...{ name: queue, subjects: [queue], retention: RetentionPolicy.Workqueue, storage: StorageType.File },
        ...{ discard: DiscardPolicy.New, duplicate_window: nanos(120_000) },
      })
      const limits = { ack_wait: nanos(30_000), max_ack_pending: -1 }
      await manager.consumers.add(queue, { durable_name: 'all', ack_policy: AckPolicy.Explicit, ...limits })
      const consumer = await jetstream(consuming, { timeout }).consumers.get(queue, 'all')
      return consumer.consume({ max_messages: mostUnacked, callback: take })
    }),
  )
  const stream = jetstream(publishing, { timeout })
  const text = textFor(bytes)
  const side: Side = {
    listeners: count,
    heard: () => undefined,
    send(n, done) {
      const document = documentOf(n, text)
      const body = encoder.encode(JSON.stringify(document))
      const published = queues.map((queue) => stream.publish(queue, body, { msgID: document.id }))
      Promise.all(published).then(() => done(unanswered[0]), done)
    },
    async close() {
      await Promise.all(consumers.map((consumer) => consumer.close()))
      for (const queue of queues) await manager.streams.delete(queue)
      await Promise.all([publishing.close(), consuming.close()])
    },
  }
  return side
}
