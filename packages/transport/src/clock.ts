/** Time as a value, so that tests can turn it. Everything in the house that waits, waits here. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number
  /** Runs once after `afterMs` (0 to 2^31-1, larger waits are split). Returns the way to call it off. */
  after(afterMs: number, run: () => void): () => void
  /** Runs soon, after the promise callbacks that are already due: where work of one tick is gathered. */
  defer(run: () => void): void
}

const longestTimer = 2 ** 31 - 1

/** The machine's clock. */
export const systemClock: Clock = {
  now: () => Date.now(),
  after(afterMs, run) {
    let timer: NodeJS.Timeout
    const arm = (left: number): void => {
      timer = left > longestTimer ? setTimeout(() => arm(left - longestTimer), longestTimer) : setTimeout(run, left)
    }
    arm(Math.max(0, afterMs))
    return () => clearTimeout(timer)
  },
  defer: (run) => void setImmediate(run),
}
