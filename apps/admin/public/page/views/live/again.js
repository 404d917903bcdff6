// @ts-check
import { pause } from '../../api/pause.js'

const pauseMs = 2000

/**
 * Does something again whenever it has ended, after a moment, until the signal is aborted.
 *
 * @param {() => Promise<void>} act
 * @param {(error: unknown) => void} tell with what it ended; undefined: it just ended
 * @param {AbortSignal} signal
 */
export async function again(act, tell, signal) {
  while (!signal.aborted) {
    /** @type {unknown} */
    let why
    await act().catch((error) => {
      why = error
    })
    if (signal.aborted) return
    tell(why)
    await pause(pauseMs, signal).catch(() => undefined)
  }
}
