// @ts-check
import { problemOf } from '../api/problem.js'
import { readEvents } from '../api/read-events.js'
import { h } from '../dom/element.js'
import { searchField } from '../parts/fields.js'
import { heading } from '../parts/heading.js'
import { countText } from '../parts/numbers.js'
import { problemLine } from '../parts/problem-box.js'
import { again } from './live/again.js'
import { liveLine } from './live/line.js'

/** @typedef {import('../main.js').Visit} Visit */

const most = 500

/**
 * What happens on the bus from now on: changes of the boards, what sources decide about events, what operators do.
 *
 * @param {Visit} visit
 */
export async function showLive({ signal }) {
  let isHeld = false
  let held = 0
  let search = ''
  const log = h('ol', { class: 'live' })
  const state = h('p', { class: 'sum', role: 'status' }, 'Connecting …')
  const hold = h('button', { type: 'button', 'aria-pressed': false, onclick: () => toggle() }, 'Hold')
  const wait = h('p', { class: 'hint' }, 'Nothing has happened since you came. Emit an event, or start something.')
  const toggle = () => {
    isHeld = !isHeld
    held = 0
    hold.setAttribute('aria-pressed', String(isHeld))
    hold.textContent = isHeld ? 'Go on' : 'Hold'
  }
  const fits = (/** @type {Element} */ line) => search === '' || (line.textContent ?? '').toLowerCase().includes(search)
  const see = (/** @type {any} */ event) => {
    if (isHeld) {
      held++
      hold.textContent = `Go on (${countText(held)} passed by)`
      return
    }
    const line = liveLine(event)
    line.hidden = !fits(line)
    log.prepend(line)
    wait.hidden = true
    while (log.children.length > most) log.lastElementChild?.remove()
  }
  const filter = searchField('Show only what contains', '', (text) => {
    search = text.toLowerCase()
    for (const line of log.children) if (line instanceof HTMLElement) line.hidden = !fits(line)
  })
  void again(
    () => readEvents('/api/events/stream', { signal, see, open: () => state.replaceChildren('● Connected') }),
    (error) =>
      state.replaceChildren(
        error === undefined
          ? 'The stream ended; connecting again …'
          : problemLine(problemOf(error), 'Not connected, trying again.'),
      ),
    signal,
  )
  return [
    heading('Live', {
      lead: 'What happens from now on, newest first. Sources tell once a second; a busy one tells of a part of its events only.',
    }),
    h(
      'form',
      { class: 'filters', onsubmit: (/** @type {Event} */ event) => event.preventDefault() },
      filter,
      hold,
      h('button', { type: 'button', onclick: () => log.replaceChildren() }, 'Clear'),
    ),
    state,
    wait,
    // Read on wish, not as it comes: it may come fast.
    h('div', { role: 'log', 'aria-live': 'off', 'aria-label': 'Live events', tabindex: 0 }, log),
  ]
}
