import type { Clock } from '@recordcast/transport'

export interface ManualClock extends Clock {
  /** Lets the time pass, timer by timer, with everything that follows from each. */
  advance(ms: number): Promise<void>
  /** Lets everything happen that needs no time. */
  settle(): Promise<void>
  /** Settles until `holds`, and fails if it never does. */
  until(holds: () => boolean): Promise<void>
  /** Timers that are armed. */
  readonly armed: number
}

const tick = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

export function createManualClock(): ManualClock {
  let now = Date.parse('2026-01-01T00:00:00Z')
  const timers = new Set<{ due: number; run: () => void }>()
  const settle = async (): Promise<void> => {
    for (let ticks = 0; ticks < 40; ticks++) await tick()
  }
  return {
    now: () => now,
    after(afterMs, run) {
      const timer = { due: now + afterMs, run }
      timers.add(timer)
      return () => void timers.delete(timer)
    },
    defer: (run) => void setImmediate(run),
    settle,
    async advance(ms) {
      const end = now + ms
      for (;;) {
        await settle()
        const next = [...timers].filter(({ due }) => due <= end).sort((a, b) => a.due - b.due)[0]
        if (next === undefined) break
        timers.delete(next)
        now = Math.max(now, next.due)
        next.run()
      }
      now = end
      await settle()
    },
    async until(holds) {
      for (let ticks = 0; ticks < 5000; ticks++) {
        if (holds()) return
        await tick()
      }
      throw new Error(`This never came true: ${holds}`)
    },
    get armed() {
      return timers.size
    },
  }
}
