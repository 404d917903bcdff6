import { TransportError } from '@recordcast/transport'
import { brokerCodes, saidBy } from '../link/errors.js'
import type { Party } from '../party.js'
import type { Declared } from '../queue/declare.js'
import { readDurable } from '../queue/durable.js'

/** Between two looks: while it is suspected, and while it is not, as when a queue is empty. */
const [shortMs, longMs] = [5000, 30_000]

/** What was seen of the consumer at the last look. */
interface Seen {
  readonly madeMs: number
  readonly handedOut: number
}

/*
A consumer that hands out nothing although messages are there and pulls wait for them, and sends its heartbeats all the same. nats-server 2.9.10 in a cluster came to that
in 4 of about 70 kills of a leader under load, and stayed so: no new pull wakes it. Seen twice in the same state, some seconds apart, its leader is asked to step down, where there
are others; if that does not help, or there are none, it is deleted, and whoever consumes the queue hears that at once and makes it again. Nothing is lost, for a message leaves the stream only when it is
acked; what is in somebody's hands comes again.
*/
export class Stall {
  readonly #party: Party
  readonly #queue: string
  #seen: Seen | undefined
  #notBefore = Number.NEGATIVE_INFINITY
  /** The making of the consumer whose leader was asked to step down. */
  #steppedMs: number | undefined

  constructor(party: Party, queue: string) {
    this.#party = party
    this.#queue = queue
  }

  /** To be called while pulls have waited for long. Gives whether the consumer has to be declared again. Rejects with what the broker says. */
  async look({ stream, durable, consumerMadeMs }: Declared): Promise<boolean> {
    const { clock } = this.#party.settings
    if (clock.now() < this.#notBefore) return false
    this.#notBefore = clock.now() + shortMs
    const info = await readDurable(this.#party, stream, durable)
    if (info === undefined || Date.parse(info.created) !== consumerMadeMs) return true
    const before = this.#seen
    const { num_pending: left, num_waiting: pulls, paused } = info
    const now = { madeMs: consumerMadeMs, handedOut: info.delivered.consumer_seq }
    const idle = left === 0 || pulls === 0 || paused === true
    this.#seen = idle ? undefined : now
    if (idle) this.#notBefore = clock.now() + longMs
    if (idle || before?.madeMs !== now.madeMs || before.handedOut !== now.handedOut) return false
    this.#seen = undefined
    const others = (info.cluster?.replicas?.length ?? 0) > 0
    const steps = others && this.#steppedMs !== consumerMadeMs
    if (steps) await this.#stepDown(stream, durable, consumerMadeMs)
    else await this.#end(stream, durable)
    const done = steps
      ? 'its leader was asked to step down'
      : 'its consumer is made anew, and what is in hand comes again'
    const sentence = `The server handed out none of ${left} messages of ${this.#queue} although pulls waited for them; ${done}.`
    this.#party.warn(new TransportError('not-confirmed', sentence))
    return true
  }

  async #stepDown(stream: string, durable: string, madeMs: number): Promise<void> {
    const { link, settings } = this.#party
    this.#steppedMs = madeMs
    await link.request(`$JS.API.CONSUMER.LEADER.STEPDOWN.${stream}.${durable}`, '', settings.confirmTimeoutMs)
  }

  async #end(stream: string, durable: string): Promise<void> {
    try {
      await this.#party.api((jsm) => jsm.consumers.delete(stream, durable))
    } catch (error) {
      // Another instance was quicker.
      if (!saidBy(error, brokerCodes.consumerNotFound, brokerCodes.streamNotFound)) throw error
    }
  }
}
