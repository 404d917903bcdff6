import type { Msg } from '@nats-io/transport-node'
import type { Delivery } from '@recordcast/transport'
import type { Turn } from '@recordcast/transport/twins'
import { open, sealedIn } from '../envelope.js'

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
  /** Tells whoever has looked at the delivery's signal, or will. */
  readonly abort: (why: Error) => void
  /** How many copies came before it. */
  readonly hop: number
  /** From when it is handed out. */
  turn?: Turn
  /** When the broker was last told, or told us, that it is in our hands. */
  heardAt: number
}

/** Undefined for a message that no JetStream consumer has sent. */
export function placeOf(reply: string | undefined): Place | undefined {
  if (reply === undefined || !reply.startsWith('$JS.ACK.')) return undefined
  const tokens = reply.split('.')
  // Newer servers put a domain and an account's hash in front of the stream.
  const first = tokens.length === 9 ? 4 : 6
  const deliveries = Number(tokens[first])
  const seq = Number(tokens[first + 1])
  if (!Number.isSafeInteger(deliveries) || !Number.isSafeInteger(seq)) return undefined
  const order = Number(tokens[first + 2] ?? 0)
  const storedMs = Number(tokens[first + 3] ?? 0) / 1e6
  const pending = Number(tokens[first + 4] ?? 0)
  return { reply, seq, deliveries, order, pending, storedMs }
}

/** A message as a delivery, and when it is due; undefined for one that no JetStream consumer has sent. One that was stored before its consumer was made may have been seen by an earlier one. */
export function leaseOf(
  message: Msg,
  consumerMadeMs: number,
  now: number,
): (Lease & { readonly due: number }) | undefined {
  const place = placeOf(message.reply)
  if (place === undefined) return undefined
  const head = open(message, `${place.seq}`, sealedIn(message))
  const { attempt = 1, due = 0, hop = 0, unanswered } = head
  // Few handlers look at their signal, and one costs more than all the rest of a delivery.
  let controller: AbortController | undefined
  let aborted: Error | undefined
  const isCopy = attempt > 1 || unanswered !== undefined
  const redelivered = isCopy || place.deliveries > 1 || place.storedMs < consumerMadeMs
  return {
    place,
    abort: (why) => {
      aborted = why
      controller?.abort(why)
    },
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
      get aborted() {
        return aborted !== undefined
      },
      get signal() {
        controller ??= new AbortController()
        if (aborted !== undefined) controller.abort(aborted)
        return controller.signal
      },
    },
  }
}
