import type { ChannelModel } from 'amqplib'
import { ignore } from '../errors.js'

/** What is used of amqplib's inside. */
interface Inside {
  readonly channels?: unknown[]
  readonly freeChannels?: { set(number: number): void; clear(number: number): void }
}

const restMs = 10_000
const graves = new WeakMap<object, Map<number, number>>()

/*
RabbitMQ may hand out messages over a channel that it has just closed for an ack that was overdue. amqplib takes a frame for
a channel that it does not know for the end of the whole connection, and one for a channel that has got the number meanwhile for
that channel's. So the number rests for ten seconds, and what comes for it is dropped; the broker delivers it again.
*/
export function bury({ connection }: ChannelModel, number: unknown): void {
  const { channels, freeChannels } = connection as Inside
  if (typeof number !== 'number' || !Array.isArray(channels) || freeChannels === undefined) return
  if (channels[number] !== null) return
  freeChannels.set(number)
  channels[number] = { channel: { accept: ignore, toClosed: ignore } }
  const rest = graves.get(connection) ?? new Map<number, number>()
  graves.set(connection, rest.set(number, performance.now()))
}

/** Gives numbers free that have rested long enough. */
export function clearGraves({ connection }: ChannelModel): void {
  const { channels, freeChannels } = connection as Inside
  for (const [number, since] of graves.get(connection) ?? []) {
    if (performance.now() - since < restMs) return
    graves.get(connection)?.delete(number)
    freeChannels?.clear(number)
    if (channels !== undefined) channels[number] = null
  }
}
