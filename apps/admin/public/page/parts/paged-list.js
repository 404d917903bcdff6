// @ts-check
import { keepFresh } from '../api/keep-fresh.js'
import { loadList } from '../api/load-list.js'
import { announce } from '../dom/announce.js'
import { h } from '../dom/element.js'
import { later } from '../dom/later.js'
import { swap } from '../dom/swap.js'
import { morePages } from './more-pages.js'
import { countText } from './numbers.js'

const step = 100

/**
 * A searched list that is loaded page by page and kept fresh.
 *
 * @param {object} options
 * @param {string} options.path of the API
 * @param {string} options.what `listeners`, for the line beneath
 * @param {() => Record<string, string | undefined>} options.query what is looked for now
 * @param {{ element: HTMLElement, show: (rows: readonly any[]) => void }} options.table
 * @param {(isSearch: boolean) => Node} options.none what stands there when there is nothing
 * @param {AbortSignal} options.signal
 */
export async function pagedList({ path, what, query, table, none, signal }) {
  let want = step
  const beneath = h('div', {})
  const host = h('div', {})
  const isSearch = () => Object.values(query()).some((text) => text !== undefined && text !== '')

  const { note, refresh } = await keepFresh({
    ...{ host, signal },
    load: (until) => loadList(path, query(), want, until),
    draw: ({ items, total, more }) => {
      const next = more
        ? async () => {
            want += step
            await refresh()
          }
        : undefined
      swap(beneath, morePages({ shown: items.length, total, what, more: next }))
      table.show(items)
      if (items.length === 0) return [none(isSearch())]
      return table.element.isConnected && host.contains(table.element) ? [...host.childNodes] : [table.element, beneath]
    },
  })
  const look = later(
    async () => {
      host.setAttribute('aria-busy', 'true')
      want = step
      await refresh()
      host.removeAttribute('aria-busy')
      const count = host.querySelectorAll('tbody tr').length
      announce(count === 0 ? `No ${what} found` : `${countText(count)} ${what} shown`)
    },
    200,
    signal,
  )
  return { host, note, look, refresh }
}
