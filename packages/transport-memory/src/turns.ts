import type { Clock } from '@recordcast/transport'
import { Deque } from './queue/deque.js'

/** Gathers work and does it in one deferred tick, in the order given. */
export interface Turns {
  soon(run: () => void): void
}

const mostInOneTurn = 1000

/** However much there is to do, the event loop gets its turn after a thousand pieces. A piece that throws stops no other. */
export function createTurns(clock: Clock): Turns {
  const gathered = new Deque<() => void>()
  let due = false

  function take(): void {
    const pieces = Math.min(gathered.length, mostInOneTurn)
    try {
      for (let done = 0; done < pieces; done++) gathered.shift()?.()
    } finally {
      due = false
      if (gathered.length > 0) arm()
    }
  }
  function arm(): void {
    if (due) return
    due = true
    clock.defer(take)
  }

  return {
    soon(run) {
      gathered.push(run)
      arm()
    },
  }
}
