const stepMs = 100
const longestMs = 5000

/** Milliseconds before a message whose handler threw comes again: they grow by the attempt, so that a broken handler does not spin. */
export function pauseAfterThrow(attempt: number): number {
  return Math.min(longestMs, stepMs * attempt)
}
