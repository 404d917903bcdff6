import { TransportError } from '@recordcast/transport'
import { InHandSet } from '@recordcast/transport/in-hand'
import { Standstill } from '@recordcast/transport/standstill'
import type { Party } from '../party.js'
import type { Lease } from './lease.js'

const longestTickMs = 2500

/*
The deliveries that are in our hands, from their arrival until the broker has heard their verdicts. While the link is up the
broker is told of each every third of the ack wait. A short break of the link ends none, for the broker keeps them as
long as the ack wait; one that it cannot have heard of for that long is aborted, and its verdict ignored: whether the link was
broken or this process stood still, somebody else may have the message by now. What arrives after a standstill may have lain
there as long as that lasted: it counts as old as that.
*/
export class Leases {
  readonly #party: Party
  readonly #held = new InHandSet<Lease>()
  readonly #ended: (lease: Lease) => void
  readonly #ackWaitMs: () => number
  readonly #standstill: Standstill

  constructor(party: Party, ackWaitMs: () => number, ended: (lease: Lease) => void) {
    this.#party = party
    this.#ackWaitMs = ackWaitMs
    this.#ended = ended
    this.#standstill = new Standstill(party.settings.clock, () => party.link.flush())
  }

  /** How often to renew. */
  get tickMs(): number {
    return Math.min(longestTickMs, this.#ackWaitMs() / 10)
  }

  get size(): number {
    return this.#held.size
  }

  /** Takes it in hand. False if it came too late to be ours. */
  add(lease: Lease): boolean {
    const doubt = this.#standstill.look(2 * this.tickMs)
    this.#held.add(lease)
    if (doubt === undefined) return true
    lease.heardAt = Math.min(lease.heardAt, doubt.since)
    this.#renewAll()
    return this.#held.has(lease)
  }

  /** Whether it is ours still. A process that has just come to again finds out here, before its timers do. */
  has(lease: Lease): boolean {
    if (this.#held.has(lease) && this.#silentMs(lease) >= this.#ackWaitMs()) this.#revoke(lease, tooLate())
    return this.#held.has(lease)
  }

  end(lease: Lease): void {
    this.#held.delete(lease)
    this.#ended(lease)
  }

  /** Nobody will hear a verdict on any of them. */
  revokeAll(why: TransportError): void {
    for (const lease of this.#held) this.#revoke(lease, why)
  }

  renew(): void {
    this.#standstill.look(2 * this.tickMs)
    this.#renewAll()
  }

  #renewAll(): void {
    const { link, settings } = this.#party
    const ackWaitMs = this.#ackWaitMs()
    for (const lease of this.#held) {
      const silentMs = this.#silentMs(lease)
      if (silentMs >= ackWaitMs) this.#revoke(lease, tooLate())
      else if (link.up && silentMs >= ackWaitMs / 4) {
        link.send(lease.place.reply, '+WPI')
        lease.heardAt = settings.clock.now()
      }
    }
  }

  #silentMs({ heardAt }: Lease): number {
    return this.#party.settings.clock.now() - heardAt
  }

  #revoke(lease: Lease, why: TransportError): void {
    lease.delivery.abort(why)
    this.end(lease)
  }
}

function tooLate(): TransportError {
  const sentence = 'The broker has not heard of this delivery for too long; it is delivered again.'
  return new TransportError('connection-lost', sentence)
}
