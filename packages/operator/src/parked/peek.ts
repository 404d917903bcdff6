import type { ParkedMessage } from '@recordcast/transport'
import { setsOf } from '../board/by-queue.js'
import type { Context } from '../parts/context.js'

/** How many messages of a shelf are looked at; peeking carries every body over the wire, so fewer where they are large. */
const most = 1000
const mostBytes = 64 * 1024 * 1024
/** By so many it is judged how large they are. */
const few = 20

export interface Peeked {
  /** How many are parked. */
  readonly total: number
  /** The oldest of them, by the moment of parking and then by id; clocks of those who parked them may disagree with the shelf's own order. */
  readonly messages: readonly ParkedMessage[]
}

/** Looks at the shelf of a queue; an orphaned queue has one as well. @throws RecordcastError unknown-listener */
export async function peek(context: Context, queue: string): Promise<Peeked> {
  const { broker, gate } = context
  const look = (peekParked: number) => gate(() => broker.transport.inspect(queue, { peekParked }))
  let report = await look(few)
  if (report === undefined) {
    setsOf(context.registry.snapshot(), queue)
    return { total: 0, messages: [] }
  }
  if (report.parked > report.peeked.length && report.peeked.length > 0) {
    const bytes = report.peeked.reduce((sum, { message }) => sum + message.body.byteLength, 0)
    const room = Math.floor((mostBytes * report.peeked.length) / Math.max(1, bytes))
    if (room > report.peeked.length) report = (await look(Math.min(most, room))) ?? report
  }
  return { total: report.parked, messages: report.peeked.toSorted((a, b) => (orderOf(a) < orderOf(b) ? -1 : 1)) }
}

/** Where a message stands among the others, whatever else comes and goes. */
export function orderOf({ parkedAt, message }: ParkedMessage): string {
  return `${parkedAt} ${message.id}`
}
