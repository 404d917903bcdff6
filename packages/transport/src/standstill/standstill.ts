import type { Clock } from '../clock.js'

/** From a standstill until what is read is certain to have been sent after it. */
export interface Doubt {
  /** When this process was last seen awake before it (ms): what is read in doubt may be as old as that. */
  readonly since: number
  /** Resolves when it has ended; never rejects. */
  readonly over: Promise<void>
}

/*
A process may stand still: frozen, its machine asleep, or a callback that does not return. The kernel keeps what arrives meanwhile, and
it is then read as if it had just come, when the broker may long have given it to somebody else. Nothing in it
tells how old it is. But a look that comes late tells of the standstill, and the answer to a question that is asked afterwards stands behind
all that was sent before: until then whatever is read is in doubt.
*/
export class Standstill {
  readonly #clock: Clock
  readonly #ask: () => Promise<unknown>
  #lookedAt: number
  #doubt: Doubt | undefined

  /** @param ask a round trip on the connection that is read from; if it rejects, that connection has ended */
  constructor(clock: Clock, ask: () => Promise<unknown>) {
    this.#clock = clock
    this.#ask = ask
    this.#lookedAt = clock.now()
  }

  /** To be called by a timer, and whenever something is read. A look later than `mostMs` after the one before is a standstill. */
  look(mostMs: number): Doubt | undefined {
    const before = this.#lookedAt
    this.#lookedAt = this.#clock.now()
    if (this.#lookedAt - before > mostMs) this.#begin(this.#doubt?.since ?? before)
    return this.#doubt
  }

  #begin(since: number): void {
    const over = this.#answered().then(() => {
      if (this.#doubt === own) this.#doubt = undefined
    })
    const own: Doubt = { since, over }
    this.#doubt = own
  }

  async #answered(): Promise<void> {
    try {
      await this.#ask()
    } catch {
      // Nothing more can come from there.
    }
  }
}
