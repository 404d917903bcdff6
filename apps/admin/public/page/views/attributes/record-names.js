// @ts-check
import { loadList } from '../../api/load-list.js'

const mostSources = 2000

/**
 * Record types that sources announced.
 *
 * @param {AbortSignal} signal
 * @returns {Promise<string[]>}
 */
export async function recordNames(signal) {
  const { items } = await loadList('/api/sources', {}, mostSources, signal)
  return [...new Set(items.flatMap(({ records }) => records))].sort()
}
