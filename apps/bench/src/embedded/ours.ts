import { connect, createListener, createSource } from 'recordcast'
import type { Rig } from '../side/rig.js'
import { issue, issueAttributes, someFacts } from '../workload/issues.js'
import { type Figures, type Load, timed } from './load.js'

export interface OurLoad extends Load {
  /** 'memory://name', 'amqp://…', 'nats://…' */
  readonly url: string
  /** Most handlers of a listener at once; default 128. */
  readonly concurrency?: number
}

/**
 * A source and its listeners on a broker, each side with a connection of its own. Every listener asks for the whole issue. What it made on the broker
 * is gone after `close`.
 */
export async function openOurs(load: OurLoad): Promise<Rig<Figures>> {
  const { url, listeners: count, bodyBytes, window, events, concurrency = 128 } = load
  const namespace = `bench-${process.pid}-${Date.now().toString(36)}`
  const sending = await connect(url, { namespace })
  const receiving = await connect(url, { namespace })
  const source = createSource({ service: 'forge', broker: sending, records: [{ type: issue }] })
  await source.start()
  let left = 0
  let allHandled = (): void => {}
  const handler = (): void => {
    if (--left === 0) allHandled()
  }
  const listeners = Array.from({ length: count }, (_, index) =>
    createListener({ service: `listener-${index}`, broker: receiving, concurrency }).on(
      issue.changed,
      { attributes: issueAttributes },
      handler,
    ),
  )
  await Promise.all(listeners.map((listener) => listener.start()))
  const facts = someFacts(bodyBytes)

  async function emitAll(): Promise<void> {
    left = events * count
    const handled = new Promise<void>((resolve) => {
      allHandled = resolve
    })
    let next = 0
    const lane = async (): Promise<void> => {
      while (next < events) {
        const { delivered } = await source.emit(issue.changed, facts[next++ % facts.length]!)
        if (delivered.length !== count) throw new Error(`An event reached ${delivered.length} of ${count} queues`)
      }
    }
    await Promise.all(Array.from({ length: Math.min(window, events) }, lane))
    await handled
  }

  return {
    run: () => timed(events * count, emitAll),
    async close() {
      await source.stop()
      await Promise.all(listeners.map((listener) => listener.unsubscribe()))
      await Promise.all([sending.close(), receiving.close()])
    },
  }
}
