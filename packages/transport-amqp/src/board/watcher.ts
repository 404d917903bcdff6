import type { Change, Clock, Message, Running } from '@recordcast/transport'
import { guarded } from '../errors.js'
import { copied } from '../wire.js'

const mostInOneTurn = 500

/** Shows changes to `see`, a few hundred in a turn of the event loop, so that a large board stalls nobody. */
export class Watcher implements Running {
  readonly #clock: Clock
  readonly #see: (change: Change) => void
  readonly #failed: (error: Error) => void
  readonly #left: (watcher: Watcher) => void
  #coming: Change[] = []
  #synced = false
  #flushing = false
  #over = false

  constructor(
    clock: Clock,
    see: (change: Change) => void,
    failed: (error: Error) => void,
    left: (watcher: Watcher) => void,
  ) {
    this.#clock = clock
    this.#see = see
    this.#failed = failed
    this.#left = left
  }

  /** Tells of a failure of the board itself. */
  fail(error: Error): void {
    if (!this.#over) this.#failed(error)
  }

  /** Every fact that stands, once; whoever has synced already needs `changed` only. */
  list(facts: ReadonlyMap<string, Message>): void {
    if (this.#synced) return
    this.#synced = true
    for (const [key, fact] of facts) this.#coming.push({ type: 'fact', key, fact })
    this.#push({ type: 'synced' })
  }

  changed(change: Change): void {
    if (this.#synced) this.#push(change)
  }

  async stop(): Promise<void> {
    this.#over = true
    this.#coming = []
    this.#left(this)
  }

  #push(change: Change): void {
    if (this.#over) return
    this.#coming.push(change)
    if (this.#flushing) return
    this.#flushing = true
    this.#clock.defer(() => this.#flush())
  }

  #flush(): void {
    this.#flushing = false
    for (const change of this.#coming.splice(0, mostInOneTurn)) {
      if (this.#over) return
      guarded(() => this.#see(change.type === 'fact' ? { ...change, fact: copied(change.fact) } : change), this.#failed)
    }
    if (this.#coming.length === 0 || this.#flushing) return
    this.#flushing = true
    this.#clock.defer(() => this.#flush())
  }
}
