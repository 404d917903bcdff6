import { InHandMap } from '@recordcast/transport/in-hand'

/*
Keeps the emits of one record in the order of their calls, in each queue. What they need is loaded side by side; then each is published after
the one before it has been tried on all its queues. A queue that did not take an event is tried on while the record's next ones go on to the
other queues: only on that queue do they wait behind it. One that ends early, since nobody wants it after all or it failed, keeps its place until
those before it have been tried: else the next would pass them.
*/
export interface Turns {
  /** Takes the next turn of a record. */
  take(record: string): Turn
  /** Records that have a turn now, or a queue on which one is still tried. */
  readonly size: number
}

export interface Turn {
  /** Resolves when the one before has been tried; undefined when nobody is before. */
  readonly before: Promise<void> | undefined
  /** Whether earlier events of the record are still tried on any queue. */
  readonly crowded: boolean
  /** Resolves when the earlier events of the record that are still tried on a queue are through or given up there. */
  behind(queue: string): Promise<unknown> | undefined
  /** This event is tried on a queue until then; `until` does not reject. */
  hold(queue: string, until: Promise<unknown>): void
  /** Lets the next one go, once those before have been tried. Called again it does nothing. */
  done(): void
}

export function createTurns(): Turns {
  const last = new InHandMap<string, OwnTurn>()
  const held = new InHandMap<string, Map<string, Promise<unknown>>>()

  class OwnTurn implements Turn {
    readonly before: Promise<void> | undefined
    readonly #record: string
    #ahead: OwnTurn | undefined
    #isOver = false
    // Most turns have nobody behind them, and need no promise.
    #whenDone: Promise<void> | undefined
    #end: (() => void) | undefined

    constructor(record: string, ahead: OwnTurn | undefined) {
      this.#record = record
      this.#ahead = ahead
      this.before = ahead?.whenDone()
    }

    whenDone(): Promise<void> {
      this.#whenDone ??= new Promise((resolve) => {
        this.#end = resolve
      })
      return this.#whenDone
    }

    get crowded(): boolean {
      return held.size > 0 && held.has(this.#record)
    }

    behind(queue: string): Promise<unknown> | undefined {
      return held.size === 0 ? undefined : held.get(this.#record)?.get(queue)
    }

    hold(queue: string, until: Promise<unknown>): void {
      const record = this.#record
      const queues = held.get(record) ?? new Map<string, Promise<unknown>>()
      held.set(record, queues.set(queue, until))
      void until.then(() => {
        if (queues.get(queue) === until) queues.delete(queue)
        if (queues.size === 0 && held.get(record) === queues) held.delete(record)
      })
    }

    done(): void {
      if (this.#ahead === undefined || this.#ahead.#isOver) this.#leave()
      else void this.before?.then(() => this.#leave())
    }

    #leave(): void {
      if (this.#isOver) return
      this.#isOver = true
      this.#ahead = undefined
      if (last.get(this.#record) === this) last.delete(this.#record)
      this.#end?.()
    }
  }

  return {
    take(record) {
      const own = new OwnTurn(record, last.get(record))
      last.set(record, own)
      return own
    },
    get size() {
      return new Set([...last.keys(), ...held.keys()]).size
    },
  }
}
