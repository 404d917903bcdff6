import { InHandMap } from '@recordcast/transport/in-hand'

/*
Calls for a record that cannot go on at once, as when its schema is asynchronous. They go on in the order in which they were made, and one that could go on at once
waits behind them: what a call waits for may take longer than what the next one waits for.
*/
export class Latecomers {
  readonly #last = new InHandMap<string, Promise<unknown>>()

  /** Whether a call for any record waits. */
  get any(): boolean {
    return this.#last.size > 0
  }

  /** Whether a call for the record waits. */
  has(record: string): boolean {
    return this.#last.has(record)
  }

  /** Calls `go` when `ready` has resolved and those before have gone on. Rejects with what `ready` rejects with, in its turn. */
  follow<T>(record: string, ready: Promise<unknown> | undefined, go: () => T | Promise<T>): Promise<T> {
    const turn = Promise.allSettled([ready, this.#last.get(record)])
    this.#last.set(record, turn)
    return turn.then(([outcome]) => {
      if (this.#last.get(record) === turn) this.#last.delete(record)
      if (outcome.status === 'rejected') throw outcome.reason
      return go()
    })
  }
}
