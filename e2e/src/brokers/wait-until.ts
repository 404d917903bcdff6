/** A pause, for what has no event to wait for. */
export const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

export interface Patience {
  /** What is awaited, for the error: 'the answer of rabbit1 on port 20114'. */
  readonly what: string
  /** Default 60 000. */
  readonly timeoutMs?: number
  /** Between two attempts; default 50. */
  readonly everyMs?: number
  /** Says why going on is hopeless, as soon as it is. */
  readonly hopeless?: () => string | undefined
}

/**
 * Tries until an attempt neither throws nor answers `undefined` or `false`, and hands its answer on.
 *
 * @throws Error with the last attempt's failure when time is up or `hopeless` says so
 */
export async function waitUntil<T>(
  attempt: () => T | Promise<T>,
  { what, timeoutMs = 60_000, everyMs = 50, hopeless }: Patience,
): Promise<Exclude<Awaited<T>, undefined | false>> {
  const deadline = performance.now() + timeoutMs
  let last: unknown
  for (;;) {
    const reason = hopeless?.()
    if (reason !== undefined) throw new Error(`Gave up waiting for ${what}: ${reason}`, { cause: last })
    try {
      const answer = await attempt()
      if (answer !== undefined && answer !== false) return answer as Exclude<Awaited<T>, undefined | false>
    } catch (error) {
      last = error
    }
    if (performance.now() >= deadline) {
      const failure = last instanceof Error ? `; the last attempt failed: ${last.message}` : ''
      throw new Error(`Waited ${timeoutMs} ms in vain for ${what}${failure}`, { cause: last })
    }
    await wait(everyMs)
  }
}
