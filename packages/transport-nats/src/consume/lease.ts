import type { Msg } from '@nats-io/transport-node'
import type { Delivery } from '@recordcast/transport'
import type { Turn } from '@recordcast/transport/twins'
import { open } from '../envelope.js'

/** Where the broker puts a delivery: parsed from the subject to which it is acked. */
export interface Place {
  readonly reply: string
  readonly seq: number
  readonly deliveries: number
  /** Of this delivery among all of its consumer. */
  readonly order: number
  /** Messages that had still to be delivered after it. */
  readonly pending: number
  /** When the broker stored the message. */
  readonly storedMs: number
}

/** One delivery to the handler, ours while the broker hears of us often enough. */
export interface Lease {
  readonly place: Place
  readonly delivery: Delivery
  /** The body as it came: a handler may change its own. */
  readonly body: Uint8Array
  readonly abort: AbortController
  /** How many copies came before it. */
  readonly hop: number
  /** From when it is handed out. */
  turn?: Turn
  /** When the broker was last told, or told us, that it is in our hands. */
  heardAt: number
}

/** Undefined for a message that no JetStream consumer has sent. */
export function placeOf(reply: string | undefined): Place | undefined {
  const tokens = reply?.split('.') ?? []
  if (tokens[0] !== '$JS' || tokens[1] !== 'ACK') return undefined
  // Newer servers put a domain and an account's hash in front of the stream.
  const numbers = (tokens.length === 9 ? tokens.slice(4) : tokens.slice(6)).map(Number)
  const [deliveries = Number.NaN, seq = Number.NaN, order = 0, nanoseconds = 0, pending = 0] = numbers
  if (!Number.isSafeInteger(deliveries) || !Number.isSafeInteger(seq)) return undefined
  return { reply: reply ?? '', seq, deliveries, order, pending, storedMs: nanoseconds / 1e6 }
}

/** A message as a delivery, and when it is due; undefined for one that no JetStream consumer has sent. One that was stored before its consumer was made may have been seen by an earlier one. */
export function leaseOf(
  message: Msg,
  consumerMadeMs: number,
  now: number,
): (Lease & { readonly due: number }) | undefined {
  const place = placeOf(message.reply)
  if (place === undefined) return undefined
  const head = open(message, `${place.seq}`)
  const { attempt = 1, due = 0, hop = 0, unanswered } = head
  const abort = new AbortController()
  const isCopy = attempt > 1 || unanswered !== undefined
  const redelivered = isCopy || place.deliveries > 1 || place.storedMs < consumerMadeMs
  return {
    place,
    abort,
    due,
    hop,
    body: message.data,
    heardAt: now,
    delivery: {
      message: head.message,
      attempt,
      redelivered,
      // A copy that has to wait comes once before its time, which is nobody's fault.
      unanswered: (unanswered ?? 0) + Math.max(0, place.deliveries - (due > 0 ? 2 : 1)),
      signal: abort.signal,
    },
  }
}
