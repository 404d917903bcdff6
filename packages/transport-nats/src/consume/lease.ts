import type { Msg } from '@nats-io/transport-node'
import type { Delivery, Message } from '@recordcast/transport'
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
  readonly delivery: Handed
  /** The body as it came: a handler may change its own. */
  readonly body: Uint8Array
  /** How many copies came before it. */
  readonly hop: number
  /** From when it is handed out. */
  turn?: Turn | undefined
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

/** A delivery in the hands of a handler. Few look at its signal, which costs more than all the rest: it is made for those who do. */
class Handed implements Delivery {
  readonly message: Message
  readonly attempt: number
  readonly redelivered: boolean
  readonly unanswered: number
  #controller: AbortController | undefined
  #aborted: Error | undefined

  constructor(message: Message, attempt: number, redelivered: boolean, unanswered: number) {
    this.message = message
    this.attempt = attempt
    this.redelivered = redelivered
    this.unanswered = unanswered
  }

  get aborted(): boolean {
    return this.#aborted !== undefined
  }

  get signal(): AbortSignal {
    this.#controller ??= new AbortController()
    if (this.#aborted !== undefined) this.#controller.abort(this.#aborted)
    return this.#controller.signal
  }

  abort(why: Error): void {
    this.#aborted = why
    this.#controller?.abort(why)
  }
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
  const { attempt = 1, due = 0, hop = 0, unanswered = 0 } = head
  const isCopy = attempt > 1 || head.unanswered !== undefined
  const redelivered = isCopy || place.deliveries > 1 || place.storedMs < consumerMadeMs
  // A copy that has to wait comes once before its time, which is nobody's fault.
  const here = Math.max(0, place.deliveries - (due > 0 ? 2 : 1))
  const delivery = new Handed(head.message, attempt, redelivered, unanswered + here)
  return { place, delivery, body: message.data, due, hop, heardAt: now }
}
