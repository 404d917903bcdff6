import type { Clock } from '@recordcast/transport'

/** Gathers work and does it in one deferred tick, in the order given. */
export interface Turns {
  soon(run: () => void): void
}

const mostInOneTurn = 1000

/** However much there is to do, the event loop gets its turn after a thousand pieces. A piece that throws stops no other. */
export function createTurns(clock: Clock): Turns {
  let gathered: (() => void)[] = []
  let due = false

  function take(): void {
    const now = gathered
    gathered = []
    const end = Math.min(now.length, mostInOneTurn)
    let done = 0
    try {
      while (done < end) now[done++]?.()
    } finally {
      due = false
      if (done < now.length) gathered = now.slice(done).concat(gathered)
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
