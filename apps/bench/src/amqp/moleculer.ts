import { randomUUID } from 'node:crypto'
import { createRequire } from 'node:module'
import { type ChannelModel, connect } from 'amqplib'
import { documentOf, textFor } from '../broker/document.js'
import { mostUnacked, type Side, type SideOptions } from '../broker/side.js'
import { socketOptions } from './raw.js'

type Document = ReturnType<typeof documentOf>

/** What is used of moleculer. Its own types want those of every transporter that it knows. */
interface Moleculer {
  readonly ServiceBroker: new (options: object) => MoleculerBroker
}
interface MoleculerBroker {
  createService(schema: object): unknown
  waitForServices(names: readonly string[]): Promise<unknown>
  emit(event: string, payload: unknown): Promise<unknown>
  start(): Promise<void>
  stop(): Promise<void>
}

const require = createRequire(import.meta.url)
const event = 'item.created'

/**
 * Moleculer with its AMQP transporter: a node that emits and one with a service a listener, each with a durable queue of its own (`disableBalancer`), persistent messages, an
 * ack when the handler has ended. It knows no confirms and no quorum queues beside its own short-lived ones, so it does less; an event counts as confirmed
 * when all its handlers have had it, which keeps as many on the way as on the other sides.
 */
export async function openMoleculer({ url, listeners: count, bytes }: SideOptions): Promise<Side> {
  const { ServiceBroker } = require('moleculer') as Moleculer
  const namespace = `bench-${randomUUID().slice(0, 8)}`
  const nodeOf = (nodeID: string): MoleculerBroker =>
    new ServiceBroker({
      ...{ nodeID, namespace, logger: false, disableBalancer: true },
      transporter: {
        type: 'AMQP',
        options: {
          ...{ url, socketOptions, prefetch: mostUnacked, autoDeleteQueues: 60_000 },
          ...{ queueOptions: { durable: true }, messageOptions: { persistent: true } },
        },
      },
    })
  const [sending, receiving] = [nodeOf('sender'), nodeOf('receiver')]
  const names = Array.from({ length: count }, (_, at) => `listener-${at}`)
  const left = new Map<number, { copies: number; readonly done: () => void }>()
  const handler = ({ params: { data } }: { readonly params: Document }): void => {
    side.heard(data.n)
    const waiting = left.get(data.n)
    if (waiting === undefined || --waiting.copies > 0) return
    left.delete(data.n)
    waiting.done()
  }
  for (const name of names) receiving.createService({ name, events: { [event]: { context: true, handler } } })
  await receiving.start()
  await sending.start()
  await sending.waitForServices(names)
  // It declares the queues a while after it has said that the services are there; what is emitted until then is lost.
  const queues = names.map((name) => `MOL-${namespace}.EVENTB.${name}.${event}`)
  const model = await connect(url)
  for (const queue of queues) while (!(await exists(model, queue))) await new Promise((soon) => setTimeout(soon, 20))
  const text = textFor(bytes)
  const side: Side = {
    listeners: count,
    heard: () => undefined,
    send(n, done) {
      left.set(n, { copies: count, done })
      sending.emit(event, documentOf(n, text)).catch(done)
    },
    async close() {
      await Promise.all([sending.stop(), receiving.stop()])
      const channel = await model.createChannel()
      for (const queue of queues) await channel.deleteQueue(queue)
      await model.close()
    },
  }
  return side
}

async function exists(model: ChannelModel, queue: string): Promise<boolean> {
  const channel = await model.createChannel()
  // Whoever asks for a queue that is not there has his channel closed.
  channel.on('error', () => undefined)
  try {
    await channel.checkQueue(queue)
    await channel.close()
    return true
  } catch {
    return false
  }
}
