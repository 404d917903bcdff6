// @ts-check

/**
 * Calls once nobody has called for a while.
 *
 * @param {() => void} act
 * @param {number} ms
 * @param {AbortSignal} signal ends it
 */
export function later(act, ms, signal) {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer
  signal.addEventListener('abort', () => clearTimeout(timer))
  return () => {
    clearTimeout(timer)
    if (!signal.aborted) timer = setTimeout(act, ms)
  }
}
