import type { Clock } from '@recordcast/transport'
import { type Backoff, backoffMs } from '../time.js'

const pauses: Backoff = { minMs: 100, maxMs: 5000 }
const drainMs = 1000

/*
RabbitMQ 3.10 keeps with each channel which node leads a quorum queue, from the first message for it on. If that node has just
died the channel refuses this message and every later one for the queue, also long after another node leads it. Another
channel does not. Once a queue has taken something on a channel, the channel follows its leaders, and a refusal is the queue's own.

So a channel has the lane's trust until a queue refuses that has taken nothing on it yet. Then it is lost after a pause, the channel
is written to no more, and closed when all that was written is settled, or after a second; with the next channel trust begins
anew. As a queue may be full for good, the pause grows with each channel that did not help.
*/
export class Trust {
  /** Whether the channel is not to be written to. */
  lost = false
  readonly #clock: Clock
  readonly #settled: () => boolean
  readonly #taken = new Set<string>()
  readonly #refused = new Set<string>()
  #close = (): void => {}
  #callOff: (() => void) | undefined
  #helpless = 0

  /** @param settled whether nothing that was written is unsettled */
  constructor(clock: Clock, settled: () => boolean) {
    this.#clock = clock
    this.#settled = settled
  }

  begin(close: () => void): void {
    this.#close = close
    this.lost = false
    this.#taken.clear()
  }

  /** The channel is gone. */
  end(): void {
    this.#callOff?.()
    this.#callOff = undefined
  }

  taken(queue: string): void {
    this.#taken.add(queue)
    if (this.#refused.delete(queue) && this.#refused.size === 0) this.#helpless = 0
  }

  refused(queue: string): void {
    if (this.#taken.has(queue)) return
    this.#refused.add(queue)
    this.#callOff ??= this.#clock.after(backoffMs(pauses, this.#helpless++), () => this.#lose())
  }

  /** Something is settled. */
  settled(): void {
    if (this.lost && this.#settled()) this.#close()
  }

  #lose(): void {
    this.lost = true
    this.#callOff = this.#clock.after(drainMs, this.#close)
    this.settled()
  }
}
