import type { Clock } from '@recordcast/transport'
import { pause } from '../time.js'

/** On 3.10, what a queue confirmed within 0.7 s of its declaration went with it, and from 1.5 s on it was kept. */
const youngMs = 2000

/**
 * Queues that were made here a moment ago. A single node that is killed soon after a queue's declaration loses the queue and what it
 * confirmed (docs/durability.md): nothing is to be put there yet that is then let go elsewhere.
 */
export class Young {
  readonly #clock: Clock
  readonly #since = new Map<string, number>()

  constructor(clock: Clock) {
    this.#clock = clock
  }

  made(queue: string): void {
    const { now } = this.#clock
    for (const [other, since] of this.#since) if (now() - since >= youngMs) this.#since.delete(other)
    this.#since.set(queue, now())
  }

  /** Resolves when it is no longer young: at once for most. */
  async grown(queue: string): Promise<void> {
    for (let left = this.#leftOf(queue); left > 0; left = this.#leftOf(queue)) await pause(this.#clock, left)
  }

  #leftOf(queue: string): number {
    const since = this.#since.get(queue)
    return since === undefined ? 0 : since + youngMs - this.#clock.now()
  }
}
