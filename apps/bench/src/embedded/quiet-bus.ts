import type { Transport } from '@recordcast/transport'
import { type Broker, connect } from 'recordcast'

/**
 * An embedded broker of which everything works but the publishing: that is confirmed at once and goes nowhere. What is left of an emit
 * is the source's own work.
 */
export async function openQuietBus(): Promise<{ readonly broker: Broker; readonly published: Published }> {
  const broker = await connect('memory:')
  const published: Published = { bodies: 0, bytes: 0, copies: 0 }
  const nothingWrong = Promise.resolve({ gone: [], failed: [] })
  const publish: Transport['publish'] = (queues, { body }) => {
    published.bodies++
    published.bytes += body.length
    published.copies += queues.length
    return nothingWrong
  }
  const transport = new Proxy(broker.transport, {
    get(target, name) {
      if (name === 'publish') return publish
      const own: unknown = Reflect.get(target, name, target)
      return typeof own === 'function' ? own.bind(target) : own
    },
  })
  return { broker: { ...broker, transport }, published }
}

/** What was published since the bus was opened. */
export interface Published {
  bodies: number
  bytes: number
  /** One a body and queue. */
  copies: number
}
