import type { Clock } from '@recordcast/transport'

/** Waits, or less when the signal aborts first. */
export function pause(clock: Clock, ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted) {
      resolve()
      return
    }
    const end = (): void => {
      callOff()
      signal?.removeEventListener('abort', end)
      resolve()
    }
    const callOff = clock.after(ms, end)
    signal?.addEventListener('abort', end)
  })
}

/** The promise, or a rejection with `late()` when it takes longer than `ms`. */
export function within<T>(clock: Clock, ms: number, work: Promise<T>, late: () => Error): Promise<T> {
  return new Promise((resolve, reject) => {
    const callOff = clock.after(ms, () => reject(late()))
    work.then(resolve, reject).finally(callOff)
  })
}

export interface Backoff {
  readonly minMs: number
  readonly maxMs: number
}

/** The wait before attempt `failures` + 1: doubling from minMs to maxMs, half of it by chance, so that many come apart. */
export function backoffMs({ minMs, maxMs }: Backoff, failures: number): number {
  const full = Math.min(maxMs, minMs * 2 ** Math.min(failures, 30))
  return full / 2 + (Math.random() * full) / 2
}
