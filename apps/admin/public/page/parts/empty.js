// @ts-check
import { h } from '../dom/element.js'

/** @typedef {import('../dom/element.js').Child} Child */

/**
 * What stands where there is nothing to show: that it is so, and what to do about it.
 *
 * @param {string} title
 * @param {...Child} hint
 */
export function empty(title, ...hint) {
  return h('div', { class: 'empty' }, h('p', { class: 'empty-title' }, title), hint.length > 0 && h('p', {}, ...hint))
}
