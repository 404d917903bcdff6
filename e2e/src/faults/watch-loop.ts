import { readFileSync } from 'node:fs'

/** How long the event loop of this process was held up. */
export interface Stalls {
  /** Longest time between two turns, in milliseconds. On a busy machine that includes what other processes took. */
  readonly wallMs: number
  /** The same less the time in which other processes had the processor, and at most what this one took of it: what it held up by itself. */
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
  let queued = queuedMs()
  const look = (): void => {
    const now = performance.now()
    const { user, system } = process.cpuUsage(used)
    const wall = Math.max(0, now - at - everyMs)
    wallMs = Math.max(wallMs, wall)
    ownMs = Math.max(ownMs, Math.min(wall - (queuedMs() - queued), (user + system) / 1000))
    at = now
    used = process.cpuUsage()
    queued = queuedMs()
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

/** How long the main thread could have run while other processes did, since it began; 0 where the system does not tell. */
export function queuedMs(): number {
  try {
    return Number(readFileSync('/proc/self/schedstat', 'utf8').split(' ')[1]) / 1e6
  } catch {
    return 0
  }
}
