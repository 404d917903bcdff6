// @ts-check
import { onTokenWanted } from './api/call.js'
import { problemOf } from './api/problem.js'
import { announce } from './dom/announce.js'
import { h } from './dom/element.js'
import { showNavigation } from './frame/navigation.js'
import { askForToken, showWho } from './frame/who.js'
import { heading } from './parts/heading.js'
import { problemBox } from './parts/problem-box.js'
import { parseRoute } from './route.js'
import { findView } from './views.js'

/*
The page goes from place to place by the hash. Each visit has a signal that ends what it has going when one goes on to another place; what comes late for a visit that is over is
let fall.
*/

/** @typedef {{ path: string[], query: URLSearchParams, signal: AbortSignal }} Visit */

const main = /** @type {HTMLElement} */ (document.getElementById('main'))
let over = new AbortController()

/** @param {boolean} isFirst */
async function visit(isFirst) {
  over.abort()
  over = new AbortController()
  const { signal } = over
  const { path, query } = parseRoute(location.hash)
  const found = findView(path)
  showNavigation(found?.place)
  main.setAttribute('aria-busy', 'true')
  const nodes = await nodesOf(found, query, signal)
  if (signal.aborted) return
  main.replaceChildren(...nodes)
  main.setAttribute('aria-busy', 'false')
  main.dataset.shows = location.hash
  const title = main.querySelector('h1')
  document.title = `${title?.textContent ?? 'Nowhere'} · Recordcast`
  if (isFirst) return
  scrollTo(0, 0)
  title?.focus({ preventScroll: true })
  announce(document.title)
}

/**
 * @param {ReturnType<typeof findView>} found
 * @param {URLSearchParams} query
 * @param {AbortSignal} signal
 * @returns {Promise<Node[]>}
 */
async function nodesOf(found, query, signal) {
  if (found === undefined) {
    return [
      heading('There is nothing here'),
      h('p', {}, 'This address leads nowhere on this page. ', h('a', { href: '#/bus' }, 'Go to the bus')),
    ]
  }
  try {
    return await found.view({ path: found.path, query, signal })
  } catch (error) {
    if (signal.aborted) return []
    return [
      heading(found.path[0] ?? 'It cannot be shown'),
      problemBox(problemOf(error), { retry: () => void visit(false) }),
    ]
  }
}

document.getElementById('skip')?.addEventListener('click', (event) => {
  event.preventDefault()
  main.focus()
  main.scrollIntoView()
})
addEventListener('hashchange', () => void visit(false))
onTokenWanted(askForToken)
showWho(() => void visit(false))
await visit(true)
