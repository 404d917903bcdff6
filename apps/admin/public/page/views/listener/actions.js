// @ts-check
import { at, call } from '../../api/call.js'
import { announce } from '../../dom/announce.js'
import { h } from '../../dom/element.js'
import { attempt } from '../../parts/attempt.js'
import { linkTo } from '../../route.js'
import { withdrawListener } from './withdraw.js'

/** @typedef {import('@recordcast/operator/shapes').Shape<'listener'>} Listener */

/**
 * What an operator does to a listener.
 *
 * @param {Listener} listener
 * @param {Element} trouble where it stands if it does not work
 * @param {() => Promise<void>} refresh
 */
export function listenerActions({ queue, paused }, trouble, refresh) {
  const isPaused = paused !== undefined
  const toggle = h(
    'button',
    { type: 'button', onclick: () => attempt(toggle, trouble, change) },
    isPaused ? 'Resume' : 'Pause',
  )
  const change = async () => {
    await call(isPaused ? at`/api/listeners/${queue}/resume` : at`/api/listeners/${queue}/pause`, { method: 'POST' })
    announce(isPaused ? 'Resumed' : 'Paused')
    await refresh()
  }
  return [
    toggle,
    h('button', { type: 'button', onclick: () => withdrawListener(queue) }, 'Withdraw …'),
    h('a', { class: 'button', href: linkTo(['explain'], { listener: queue }) }, 'Why did it not arrive?'),
  ]
}
