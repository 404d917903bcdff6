import type { Clock } from '@recordcast/transport'

export interface VirtualClock extends Clock {
  /** Timers that are armed. */
  readonly armed: () => number
  /** Does everything that is due within so many milliseconds, promise callbacks included. */
  run(forMs: number): Promise<void>
}

/** A clock that stands still until it is run. */
export function virtualClock(): VirtualClock {
  let now = 1_700_000_000_000
  let order = 0
  let timers: { due: number; order: number; run: () => void }[] = []
  let deferred: (() => void)[] = []
  const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

  return {
    now: () => now,
    after(afterMs, run) {
      const timer = { due: now + Math.max(0, afterMs), order: order++, run }
      timers.push(timer)
      return () => {
        timers = timers.filter((other) => other !== timer)
      }
    },
    defer: (run) => void deferred.push(run),
    armed: () => timers.length,
    async run(forMs) {
      const until = now + forMs
      for (;;) {
        await settled()
        const soon = deferred
        deferred = []
        if (soon.length > 0) {
          for (const run of soon) run()
          continue
        }
        const [next] = timers.sort((one, other) => one.due - other.due || one.order - other.order)
        if (next === undefined || next.due > until) break
        timers.shift()
        now = next.due
        next.run()
      }
      now = until
    },
  }
}

/** A small generator of numbers from 0 to below 1, the same for the same seed. */
export function seeded(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}
