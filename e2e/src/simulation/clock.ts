import type { Clock } from '@recordcast/transport'

interface Entry {
  readonly due: number
  readonly order: number
  readonly run: () => void
}

/** A clock of one process: when the process is killed, its timers die with it. */
export interface ProcessClock extends Clock {
  kill(): void
  sleep(ms: number): Promise<void>
}

/*
Virtual time. What waits stands in one list by due moment and order of arming; what was deferred stands before it. `turn` lets every promise callback that is due run (one
real turn of the event loop does that), then runs one thing. Time moves only when nothing is deferred, so a run takes as long as its work, not as long as its waits.
*/
export class VirtualClock {
  #now = Date.parse('2026-03-01T08:00:00Z')
  #order = 0
  readonly #waiting: Entry[] = []
  readonly #soon: Entry[] = []
  #head = 0

  now = (): number => this.#now

  /** How many timers and deferred pieces of work are armed. */
  get armed(): number {
    return this.#waiting.length + this.#soon.length - this.#head
  }

  process(): ProcessClock {
    let dead = false
    const own = new Set<() => void>()
    const arm = (place: (entry: Entry) => () => void, due: number, run: () => void): (() => void) => {
      if (dead) return () => undefined
      const off = place({
        due,
        order: this.#order++,
        run: () => {
          own.delete(off)
          if (!dead) run()
        },
      })
      own.add(off)
      return () => {
        own.delete(off)
        off()
      }
    }
    const after = (afterMs: number, run: () => void) => arm(this.#wait, this.#now + Math.max(0, afterMs), run)
    return {
      now: this.now,
      after,
      defer: (run) => void arm(this.#defer, 0, run),
      sleep: (ms) => new Promise((resolve) => void after(ms, resolve)),
      kill() {
        dead = true
        for (const off of own) off()
        own.clear()
      },
    }
  }

  /** One step of the world; false if there is nothing left to do. */
  async turn(): Promise<boolean> {
    await new Promise((resolve) => setImmediate(resolve))
    const next = this.#soon[this.#head]
    if (next !== undefined) {
      this.#head++
      if (this.#head === this.#soon.length) {
        this.#soon.length = 0
        this.#head = 0
      }
      next.run()
      return true
    }
    const due = this.#waiting.shift()
    if (due === undefined) return false
    this.#now = Math.max(this.#now, due.due)
    due.run()
    return true
  }

  readonly #defer = (entry: Entry): (() => void) => {
    this.#soon.push(entry)
    return () => {
      const at = this.#soon.indexOf(entry, this.#head)
      if (at >= 0) this.#soon.splice(at, 1)
    }
  }

  readonly #wait = (entry: Entry): (() => void) => {
    let at = this.#waiting.length
    while (at > 0 && (this.#waiting[at - 1] as Entry).due > entry.due) at--
    this.#waiting.splice(at, 0, entry)
    return () => {
      const found = this.#waiting.indexOf(entry)
      if (found >= 0) this.#waiting.splice(found, 1)
    }
  }
}
