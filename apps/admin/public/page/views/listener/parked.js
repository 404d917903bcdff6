// @ts-check
import { at } from '../../api/call.js'
import { problemOf } from '../../api/problem.js'
import { h } from '../../dom/element.js'
import { empty } from '../../parts/empty.js'
import { section } from '../../parts/heading.js'
import { countText, plural } from '../../parts/numbers.js'
import { problemBox } from '../../parts/problem-box.js'
import { actOnParked } from '../parked/act.js'
import { groupsTable } from '../parked/groups.js'
import { loadParked } from '../parked/load.js'
import { messagesTable } from '../parked/messages.js'

/** @typedef {import('@recordcast/operator/shapes').Shape<'parked'>} Parked */

const step = 20

/**
 * The parked messages of a listener, grouped by error. It loads by itself, and again when something was done to them.
 *
 * @param {string} queue
 * @param {AbortSignal} signal
 * @param {() => void} changed
 */
export function parkedPart(queue, signal, changed) {
  const host = h('div', { 'aria-busy': 'true' }, h('p', { class: 'hint' }, 'Loading …'))
  /** @type {string | undefined} */
  let code
  let want = step
  const done = async () => {
    changed()
    await refresh()
  }
  const narrow = async (/** @type {string | undefined} */ wanted) => {
    code = wanted
    want = step
    await refresh()
  }
  const more = async () => {
    want += step
    await refresh()
  }
  const refresh = async () => {
    try {
      const told = await loadParked(at`/api/listeners/${queue}/parked`, code, want, signal)
      host.replaceChildren(...draw(told))
    } catch (error) {
      if (!signal.aborted)
        host.replaceChildren(
          problemBox(problemOf(error), { title: 'They cannot be shown', retry: () => void refresh() }),
        )
    } finally {
      host.setAttribute('aria-busy', 'false')
    }
  }

  /** @param {Parked} told */
  function draw(told) {
    const { total, looked, groups, items, next } = told
    if (total === 0)
      return [
        empty(
          'Nothing is parked',
          'What a handler fails at again and again, or what nobody can decode, would be put here.',
        ),
      ]
    const everything = { which: { all: true }, what: 'all parked messages' }
    return [
      h(
        'p',
        {},
        `${plural(total, 'message')}${looked < total ? `; the oldest ${countText(looked)} were looked at` : ''}. `,
      ),
      h(
        'div',
        { class: 'actions' },
        h(
          'button',
          { type: 'button', onclick: () => actOnParked({ queue, action: 'replay', ...everything, done }) },
          'Replay all …',
        ),
        h(
          'button',
          { type: 'button', onclick: () => actOnParked({ queue, action: 'drop', ...everything, done }) },
          'Drop all …',
        ),
      ),
      groupsTable(queue, groups, { code, narrow, done }),
      h('h3', {}, code === undefined ? 'Oldest first' : `Oldest first, of ${code}`),
      messagesTable(queue, items),
      ...(next === undefined ? [] : [h('button', { type: 'button', onclick: () => void more() }, 'Show more')]),
    ]
  }
  void refresh()
  return { element: section('Parked messages', host), refresh }
}
