import type { Receiver } from '../link/confirms.js'
import { isNobody } from '../link/errors.js'
import type { Lease } from './lease.js'
import type { Bench } from './settle.js'

export const ack: Uint8Array = Buffer.from('+ACK')
const pauseMs = 100

/** Says what becomes of a delivery until the broker has confirmed it, the delivery is no longer ours, or the transport ends. */
export function tellBroker(bench: Bench, lease: Lease, words: Uint8Array): Promise<void> {
  return new Promise((over) => new Telling(bench, lease, words, () => over()).go())
}

/** The same for an ack, without a promise. */
export function ackNow(bench: Bench, lease: Lease): void {
  new Telling(bench, lease, ack, bench.over).go()
}

class Telling implements Receiver {
  readonly #bench: Bench
  readonly #lease: Lease
  readonly #words: Uint8Array
  readonly #over: (lease: Lease) => void

  constructor(bench: Bench, lease: Lease, words: Uint8Array, over: (lease: Lease) => void) {
    this.#bench = bench
    this.#lease = lease
    this.#words = words
    this.#over = over
  }

  go(): void {
    const { party, holds } = this.#bench
    if (holds(this.#lease)) party.link.confirm(this.#lease.place.reply, this.#words, undefined, this)
    else this.heard()
  }

  heard(): void {
    this.#over(this.#lease)
  }

  failed(error: Error): void {
    const { party, trouble } = this.#bench
    if (!isNobody(error) && party.state === 'open') {
      void party.pause(pauseMs).then(() => this.go())
      return
    }
    if (isNobody(error)) trouble()
    this.heard()
  }
}
