// @ts-check
import { h } from '../dom/element.js'

/** @typedef {'good' | 'bad' | 'quiet'} Kind */
/** @typedef {{ kind: Kind, sign: string, text: string }} State */

/**
 * A state as a word with a sign: the colour is never all that tells.
 *
 * @param {State} state
 */
export function badge({ kind, sign, text }) {
  return h('span', { class: `badge ${kind}` }, h('span', { class: 'sign', 'aria-hidden': true }, sign), ' ', text)
}

/**
 * @param {boolean} held
 * @param {string} [yes]
 * @param {string} [no]
 */
export function verdictBadge(held, yes = 'held', no = 'did not hold') {
  return badge(held ? { kind: 'good', sign: '✓', text: yes } : { kind: 'bad', sign: '✕', text: no })
}
