// @ts-check
import { call } from '../../api/call.js'

/** @typedef {import('@recordcast/operator/shapes').Shape<'parked'>} Parked */

/**
 * Parked messages with their groups; the list begins with `want` of them.
 *
 * @param {string} path
 * @param {string | undefined} code
 * @param {number} want
 * @param {AbortSignal} signal
 * @returns {Promise<Parked>}
 */
export async function loadParked(path, code, want, signal) {
  /** @type {Parked} */
  let told = await call(path, { query: { code, limit: Math.min(want, 500) }, signal })
  while (told.next !== undefined && told.items.length < want) {
    const page = await call(path, {
      query: { code, cursor: told.next, limit: Math.min(want - told.items.length, 500) },
      signal,
    })
    told = { ...page, items: [...told.items, ...page.items] }
  }
  return told
}
