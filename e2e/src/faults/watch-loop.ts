/** How long the event loop of this process was held up. */
export interface Stalls {
  /** Longest time between two turns, in milliseconds. On a busy machine that includes what other processes took. */
  readonly wallMs: number
  /** The same, but at most the processor time that this process took meanwhile: what it held up by itself. */
  readonly ownMs: number
}

export interface LoopWatch {
  /** The longest stalls since the last call, or since the beginning. */
  take(): Stalls
  end(): void
}

const everyMs = 4

/** Watches the event loop of this process from now on. */
export function watchLoop(): LoopWatch {
  let wallMs = 0
  let ownMs = 0
  let at = performance.now()
  let used = process.cpuUsage()
  const look = (): void => {
    const now = performance.now()
    const { user, system } = process.cpuUsage(used)
    const wall = Math.max(0, now - at - everyMs)
    wallMs = Math.max(wallMs, wall)
    ownMs = Math.max(ownMs, Math.min(wall, (user + system) / 1000))
    at = now
    used = process.cpuUsage()
  }
  const timer = setInterval(look, everyMs)
  return {
    take() {
      look()
      const taken = { wallMs, ownMs }
      wallMs = 0
      ownMs = 0
      return taken
    },
    end: () => clearInterval(timer),
  }
}
