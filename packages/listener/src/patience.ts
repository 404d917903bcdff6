import { InHandSet } from '@recordcast/transport/in-hand'

/** How long a listener that stops waits for its handlers. It ends once, and whoever waits for it then is told. */
export interface Patience {
  readonly over: boolean
  /** Why what still runs is aborted. */
  readonly reason: Error
  end(): void
  /** Returns the way not to be told any more. */
  onEnd(run: () => void): () => void
}

export function createPatience(): Patience {
  const waiting = new InHandSet<() => void>()
  const reason = new Error('The listener has stopped waiting for its handlers')
  let over = false
  return {
    get over() {
      return over
    },
    reason,
    end() {
      over = true
      for (const run of waiting) if (waiting.has(run)) run()
      waiting.clear()
    },
    onEnd(run) {
      waiting.add(run)
      return () => void waiting.delete(run)
    },
  }
}
