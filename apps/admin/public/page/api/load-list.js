// @ts-check
import { call } from './call.js'

const largestPage = 500

/**
 * The first `want` items of a list that the API tells page by page.
 *
 * @param {string} path
 * @param {Record<string, string | undefined>} query
 * @param {number} want
 * @param {AbortSignal} signal
 * @returns {Promise<{ items: any[], total: number, more: boolean }>}
 */
export async function loadList(path, query, want, signal) {
  const items = []
  let total = 0
  /** @type {string | undefined} */
  let cursor
  do {
    const limit = Math.min(largestPage, want - items.length)
    const page = await call(path, { query: { ...query, limit, cursor }, signal })
    items.push(...page.items)
    total = page.total
    cursor = page.next
  } while (cursor !== undefined && items.length < want)
  return { items, total, more: cursor !== undefined }
}
