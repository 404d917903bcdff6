import type { Verdict } from '@recordcast/transport'
import { isPromise, pauseAfterThrow } from '@recordcast/transport/consume'
import { checkVerdict, type Handle } from '@recordcast/transport/driver'
import type { Turn, Twins } from '@recordcast/transport/twins'
import { asError } from '../link/errors.js'
import { isShelf } from '../names.js'
import type { Lease } from './lease.js'
import { type Bench, carryOut, letGo, notYet } from './settle.js'
import { ackNow } from './tell-broker.js'

/** What becomes of a delivery; without a promise where it is acked by the handler's word, and takes no place any more. */
export type Settle = (lease: Lease, outcome?: Promise<void>) => void

/*
From a delivery to its verdict and what that asks for, in one go where no twin is in hand and the handler gives no promise. A throw is told and becomes a
retry: counted, and paused so that a broken handler does not spin. Of a delivery that is no longer ours nothing is settled.
*/
export class Judge {
  readonly #bench: Bench
  readonly #twins: Twins
  readonly #handle: Handle
  readonly #settle: Settle

  constructor(bench: Bench, twins: Twins, handle: Handle, settle: Settle) {
    this.#bench = bench
    this.#twins = twins
    this.#handle = handle
    this.#settle = settle
  }

  take(lease: Lease): void {
    // A shelf may hold several messages of one id.
    const id = isShelf(this.#bench.queue) ? undefined : lease.delivery.message.id
    const taken = this.#twins.takeNow(id, lease.hop, this)
    if (taken instanceof Promise) void taken.then((turn) => this.#ask(lease, turn))
    else this.#ask(lease, taken)
  }

  #ask(lease: Lease, turn: Turn | undefined): void {
    lease.turn = turn
    if (!this.#bench.holds(lease)) turn?.end()
    else if (turn === undefined) this.#settle(lease, letGo(this.#bench, lease))
    else if (this.#bench.stopping()) this.#settle(lease, notYet(this.#bench, lease, 0))
    else this.#hand(lease)
  }

  #hand(lease: Lease): void {
    let verdict: Verdict
    try {
      const given = this.#handle(lease.delivery)
      if (isPromise(given)) {
        void this.#await(lease, given)
        return
      }
      verdict = checkVerdict(given)
    } catch (thrown) {
      verdict = this.#threw(lease, thrown)
    }
    this.#hear(lease, verdict)
  }

  async #await(lease: Lease, given: PromiseLike<unknown>): Promise<void> {
    let verdict: Verdict
    try {
      verdict = checkVerdict(await given)
    } catch (thrown) {
      verdict = this.#threw(lease, thrown)
    }
    this.#hear(lease, verdict)
  }

  #hear(lease: Lease, verdict: Verdict): void {
    if (!this.#bench.holds(lease)) return
    if (verdict.do !== 'ack') this.#settle(lease, carryOut(this.#bench, lease, verdict))
    else {
      ackNow(this.#bench, lease)
      this.#settle(lease)
    }
  }

  #threw(lease: Lease, thrown: unknown): Verdict {
    const error = asError(thrown)
    if (this.#bench.holds(lease)) this.#bench.party.tell(this.#bench.onError, error)
    return { do: 'retry', afterMs: pauseAfterThrow(lease.delivery.attempt), why: error.message }
  }
}
