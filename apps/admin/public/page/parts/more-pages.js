// @ts-check
import { h } from '../dom/element.js'
import { attempt } from './attempt.js'
import { countText } from './numbers.js'

/**
 * The line beneath a list that comes page by page: how many of how many there are, and a button for more of them.
 *
 * @param {object} options
 * @param {number} options.shown
 * @param {number} options.total
 * @param {string} options.what
 * @param {(() => Promise<void>) | undefined} options.more undefined: this is all
 */
export function morePages({ shown, total, what, more }) {
  const trouble = h('div', {})
  const text =
    more === undefined
      ? `${countText(shown)} ${what}`
      : `${countText(shown)} of ${countText(total)} ${what}; sorting is among these.`
  const button =
    more && h('button', { type: 'button', onclick: () => button && attempt(button, trouble, more) }, 'Show more')
  return h('div', { class: 'more' }, h('p', {}, text), button, trouble)
}
