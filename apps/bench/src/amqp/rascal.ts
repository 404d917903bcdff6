import { randomUUID } from 'node:crypto'
import type { EventEmitter } from 'node:events'
import { createRequire } from 'node:module'
import { connect } from 'amqplib'
import { documentOf, textFor } from '../broker/document.js'
import { mostUnacked, type Side, type SideOptions } from '../broker/side.js'
import { queueOptions, socketOptions } from './raw.js'

/** What is used of rascal, which has no types. */
interface Rascal {
  withDefaultConfig(config: object): object
  readonly BrokerAsPromised: { create(config: object): Promise<RascalBroker> }
}
interface RascalBroker extends EventEmitter {
  publish(publication: string, message: unknown): Promise<EventEmitter>
  subscribe(subscription: string): Promise<EventEmitter>
  shutdown(): Promise<void>
}

const require = createRequire(import.meta.url)

/** A framework's durable delivery: rascal with a publication and a subscription a queue, confirms and acks. */
export async function openRascal({ url, listeners: count, bytes }: SideOptions): Promise<Side> {
  const { BrokerAsPromised, withDefaultConfig } = require('rascal') as Rascal
  const prefix = `bench-rascal-${randomUUID().slice(0, 8)}`
  const queues = Array.from({ length: count }, (_, at) => `${prefix}.${at}`)
  const each = <T>(of: (queue: string) => T) => Object.fromEntries(queues.map((queue) => [queue, of(queue)]))
  const vhost = decodeURIComponent(new URL(url).pathname.slice(1)) || '/'
  const config = withDefaultConfig({
    vhosts: { [vhost]: { connection: { url, socketOptions }, queues: each(() => ({ options: queueOptions })) } },
    publications: each((queue) => ({ vhost, queue, confirm: true })),
    subscriptions: each((queue) => ({ vhost, queue, prefetch: mostUnacked })),
  })
  const broker = await BrokerAsPromised.create(config)
  const faults: unknown[] = []
  broker.on('error', (error) => faults.push(error))
  for (const queue of queues) {
    const subscription = await broker.subscribe(queue)
    subscription.on('error', (error) => faults.push(error))
    subscription.on('message', (_: unknown, content: ReturnType<typeof documentOf>, ackOrNack: () => void) => {
      side.heard(content.data.n)
      ackOrNack()
    })
  }
  const text = textFor(bytes)
  const side: Side = {
    listeners: count,
    heard: () => undefined,
    send(n, done) {
      const document = documentOf(n, text)
      const published = queues.map(async (queue) => {
        const publication = await broker.publish(queue, document)
        await new Promise((resolve, reject) => {
          publication.on('success', resolve).on('error', reject)
          publication.on('return', () => reject(new Error(`${queue} has gone`)))
        })
      })
      Promise.all(published).then(() => done(faults[0]), done)
    },
    async close() {
      await broker.shutdown()
      const model = await connect(url)
      const channel = await model.createChannel()
      for (const queue of queues) await channel.deleteQueue(queue)
      await model.close()
    },
  }
  return side
}
