import type { Clock } from '@recordcast/transport'
import type { Difference, Snapshot } from './snapshot.js'

/** Those who wait for another snapshot. */
export interface Watchers<L> {
  add(see: (difference: Difference<L>) => void): () => void
  /** Tells all who watch at this moment; one that throws is reported and keeps no other from hearing. */
  tell(difference: Difference<L>): void
  /** Resolves true once `holds` does, false after `timeoutMs` or at the end; rejects with what `holds` throws. */
  until(present: Snapshot<L>, holds: (snapshot: Snapshot<L>) => boolean, timeoutMs: number): Promise<boolean>
  /** Nobody is told any more, and nobody waits. */
  end(): void
}

/** @param onError must not throw */
export function createWatchers<L>(clock: Clock, onError: (error: Error) => void): Watchers<L> {
  const watching = new Set<(difference: Difference<L>) => void>()
  const waiting = new Set<() => void>()
  let ended = false

  const add = (see: (difference: Difference<L>) => void): (() => void) => {
    // A function of its own, so that one `see` may be added twice and taken back once.
    const own = (difference: Difference<L>): void => see(difference)
    if (!ended) watching.add(own)
    return () => void watching.delete(own)
  }

  return {
    add,
    tell(difference) {
      for (const see of [...watching]) {
        try {
          see(difference)
        } catch (error) {
          onError(error instanceof Error ? error : new Error(String(error)))
        }
      }
    },
    until(present, holds, timeoutMs) {
      return new Promise((resolve, reject) => {
        if (holds(present)) return resolve(true)
        if (ended) return resolve(false)
        const leave = (): void => {
          callOff()
          unsee()
          waiting.delete(giveUp)
        }
        const giveUp = (): void => {
          leave()
          resolve(false)
        }
        const unsee = add(({ after }) => {
          try {
            if (!holds(after)) return
            resolve(true)
          } catch (error) {
            reject(error)
          }
          leave()
        })
        const callOff = clock.after(timeoutMs, giveUp)
        waiting.add(giveUp)
      })
    },
    end() {
      ended = true
      watching.clear()
      for (const giveUp of [...waiting]) giveUp()
    },
  }
}
