import type { Clock } from '@recordcast/transport'
import type { Announced } from './announced.js'
import type { Directory } from './directory.js'

/** Facts on their way from the registry into the directory. */
export interface Intake {
  /** What stands under these keys may be another fact, or none. Small changes are through when this returns. */
  take(keys: Iterable<string>): void
  /** Takes in what waits under a key, out of turn. */
  hurry(key: string): void
  /** Resolves when nothing waits, at once if nothing does. */
  settled(): Promise<void>
  /** Nothing more is taken in; what waits stays out. */
  stop(): void
}

export interface IntakeOptions {
  readonly directory: Directory
  readonly clock: Clock
  /** What stands on the board now. */
  readonly standing: () => ReadonlyMap<string, Announced>
}

/** Milliseconds of work in one turn of the event loop. */
const sliceMs = 8

/*
Taking in a fact costs a source more than reading it, so a crowd of them is taken in over many turns. A key that waits is looked up when its turn comes: it
may have changed several times by then. Facts that stand come before those that went, so that of two sets of which one replaces the other at least one is
always known: an event too many is sorted out by the listener, an event too few by nobody.
*/
export function createIntake({ directory, clock, standing }: IntakeOptions): Intake {
  const waiting = new Set<string>()
  const leaving = new Set<string>()
  let working = false
  let stopped = false
  let whenSettled: (() => void)[] = []

  const enter = (key: string): void => {
    waiting.delete(key)
    const fact = standing().get(key)
    if (fact === undefined) leaving.add(key)
    else directory.put(key, fact)
  }
  const leave = (key: string): void => {
    leaving.delete(key)
    if (!standing().has(key)) directory.remove(key)
  }
  /** @returns whether it has got through all of it */
  const go = (keys: ReadonlySet<string>, step: (key: string) => void, until: number): boolean => {
    for (const key of keys) {
      step(key)
      if (clock.now() >= until) break
    }
    return keys.size === 0
  }
  const work = (): void => {
    if (stopped) return
    const until = clock.now() + sliceMs
    working = !(go(waiting, enter, until) && go(leaving, leave, until))
    if (working) {
      clock.defer(work)
      return
    }
    const due = whenSettled
    whenSettled = []
    for (const resolve of due) resolve()
  }

  return {
    take(keys) {
      for (const key of keys) waiting.add(key)
      if (!working) work()
    },
    hurry(key) {
      if (!stopped && waiting.has(key)) enter(key)
    },
    settled: () => (working ? new Promise((resolve) => whenSettled.push(resolve)) : Promise.resolve()),
    stop() {
      stopped = true
    },
  }
}
