// @ts-check
import { h } from '../dom/element.js'
import { swap } from '../dom/swap.js'
import { retellMoments } from '../parts/moment.js'
import { problemLine } from '../parts/problem-box.js'
import { problemOf } from './problem.js'

/**
 * Loads, draws, and does so again every few seconds while somebody looks. What has not changed is not drawn again, and nothing is while
 * a dialog is open or text is selected. Rejects if the first load does; later ones say so in the note and keep what stands.
 *
 * @template T
 * @param {object} options
 * @param {Element} options.host
 * @param {(signal: AbortSignal) => Promise<T>} options.load
 * @param {(told: T) => Node[]} options.draw
 * @param {AbortSignal} options.signal ends it
 * @param {number} [options.everyMs]
 * @returns {Promise<{ note: HTMLElement, refresh: () => Promise<void> }>} `note` says how old it is, with a button
 */
export async function keepFresh({ host, load, draw, signal, everyMs = 5000 }) {
  const note = h('p', { class: 'fresh' })
  let shown = ''
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer
  signal.addEventListener('abort', () => clearTimeout(timer))

  let turn = 0
  const look = async () => {
    const mine = ++turn
    const told = await load(signal)
    signal.throwIfAborted()
    // A later one is on its way or has come already: it knows better.
    if (mine !== turn) return
    const text = JSON.stringify(told)
    if (text === shown) retellMoments(host)
    else swap(host, ...draw(told))
    shown = text
    swap(note, h('span', {}, `As of ${new Date().toLocaleTimeString('en-GB')}`), again())
  }
  const again = () => h('button', { type: 'button', class: 'plain', onclick: refresh }, 'Refresh')
  const refresh = async () => {
    clearTimeout(timer)
    try {
      await look()
    } catch (error) {
      if (signal.aborted) return
      swap(note, problemLine(problemOf(error), 'Not refreshed; what stands here is older.'), again())
    }
    plan()
  }
  const plan = () => {
    clearTimeout(timer)
    if (signal.aborted) return
    timer = setTimeout(() => (isBusy(host) ? plan() : void refresh()), everyMs)
  }
  await look()
  plan()
  // Who comes back to it shall not read what was.
  const comeBack = () => void (isBusy(host) || refresh())
  document.addEventListener('visibilitychange', comeBack, { signal })
  return { note, refresh }
}

/** @param {Element} host */
function isBusy(host) {
  if (document.hidden || document.querySelector('dialog[open]') !== null) return true
  const selection = getSelection()
  return (
    selection !== null && !selection.isCollapsed && selection.anchorNode !== null && host.contains(selection.anchorNode)
  )
}
