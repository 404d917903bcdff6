import { connect, createListener, createSource, defineRecord, type Listener, type Source } from 'recordcast'
import { z } from 'zod'
import type { Ledger } from './ledger.js'
import type { Room } from './scenario.js'

/** The record that the scenarios speak of. */
export const thing = defineRecord('thing', z.object({ n: z.number(), a: z.string(), b: z.string(), c: z.string() }))

/** Facts of a thing that has changed. */
export const changed = (id: string, n = 0) => ({ id, after: { n, a: `a${n}`, b: `b${n}`, c: `c${n}` } })

type Options = NonNullable<Parameters<typeof connect>[1]>
type ListenerOptions = Omit<Parameters<typeof createListener>[0], 'service' | 'broker'>

/** Connects; the connection ends with the scenario. Reconnects fast, so that a scenario measures the product and not a pause. */
export async function connectIn(room: Room, url: string, options: Options = {}) {
  const broker = await connect(url, {
    namespace: room.namespace,
    ...options,
    amqp: { reconnect: { minMs: 50, maxMs: 1000 }, ...options.amqp },
    nats: { reconnect: { waitMs: 50, jitterMs: 100 }, ...options.nats },
  })
  room.ends(() => broker.close())
  return broker
}

type Broker = Awaited<ReturnType<typeof connect>>

/** A broker's URL, or a connection that stands. */
const brokerAt = (room: Room, where: string | Broker): Promise<Broker> | Broker =>
  typeof where === 'string' ? connectIn(room, where) : where

/** A started source of things. */
export async function startSource(
  room: Room,
  where: string | Broker,
  options: Omit<Partial<Parameters<typeof createSource>[0]>, 'broker'> = {},
): Promise<Source> {
  const source = createSource({
    service: 'forge',
    records: [{ type: thing }],
    timeoutMs: 60_000,
    ...options,
    broker: await brokerAt(room, where),
  })
  await source.start()
  room.ends(() => source.stop())
  return source
}

/** A started listener to all changed things, which enters what it handles in the ledger. */
export async function startListener(
  room: Room,
  where: string | Broker,
  service: string,
  ledger: Ledger,
  options: ListenerOptions = {},
  handle: (id: string, signal: AbortSignal) => unknown = () => undefined,
): Promise<Listener> {
  const listener = createListener({ ...options, service, broker: await brokerAt(room, where) })
  listener.on(thing.changed, { attributes: ['n', 'a'] }, async (event, { signal }) => {
    await handle(event.id, signal)
    ledger.handle(service, event.id)
  })
  await listener.start()
  room.ends(() => listener.stop())
  return listener
}

/** Emits `count` events, at most `window` at once, each entered in the ledger; those that reject are counted, not thrown. */
export async function emitMany(
  source: Source,
  ledger: Ledger,
  count: number,
  { prefix = 'e', window = 200, paceMs = 0 }: { prefix?: string; window?: number; paceMs?: number } = {},
): Promise<{ rejected: number }> {
  let next = 0
  let rejected = 0
  const lane = async (): Promise<void> => {
    while (next < count) {
      const n = next++
      const id = `${prefix}${n}`
      ledger.emit()
      try {
        const { delivered } = await source.emit(thing.changed, changed(`${prefix}${n % 1000}`, n), { id })
        ledger.resolve(id, delivered)
      } catch {
        rejected++
      }
      if (paceMs > 0) await new Promise((resolve) => setTimeout(resolve, paceMs))
    }
  }
  await Promise.all(Array.from({ length: Math.min(window, count) }, lane))
  return { rejected }
}
