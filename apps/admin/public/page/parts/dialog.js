// @ts-check
import { h } from '../dom/element.js'

/** @typedef {import('../dom/element.js').Child} Child */

let made = 0

/**
 * Opens a dialog: the browser keeps the focus inside, Escape closes it, and the focus goes back to where it was.
 *
 * @param {string} title
 * @param {readonly Child[]} body
 * @returns {{ element: HTMLDialogElement, close: () => void, closed: Promise<void>, signal: AbortSignal }} `signal` aborts when it is closed
 */
export function openDialog(title, body) {
  const id = `dialog-${++made}`
  const over = new AbortController()
  const opener = document.activeElement
  const element = h(
    'dialog',
    { class: 'dialog', 'aria-labelledby': id },
    h(
      'div',
      { class: 'dialog-head' },
      h('h2', { id, tabindex: -1, autofocus: true }, title),
      h('button', { type: 'button', class: 'plain', 'aria-label': 'Close', onclick: () => element.close() }, '✕'),
    ),
    ...body,
  )
  const closed = /** @type {Promise<void>} */ (
    new Promise((resolve) => {
      element.addEventListener('close', () => {
        over.abort()
        element.remove()
        const back = opener instanceof HTMLElement && opener.isConnected ? opener : document.querySelector('main h1')
        if (back instanceof HTMLElement) back.focus()
        resolve()
      })
    })
  )
  document.body.append(element)
  element.showModal()
  return { element, close: () => element.close(), closed, signal: over.signal }
}
