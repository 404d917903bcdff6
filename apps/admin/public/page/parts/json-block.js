// @ts-check
import { h } from '../dom/element.js'

/**
 * JSON as text, to be read and copied.
 *
 * @param {unknown} value
 * @param {string} label
 */
export function jsonBlock(value, label) {
  const text = JSON.stringify(value, null, 2) ?? 'undefined'
  return h('pre', { class: 'json', tabindex: 0, role: 'region', 'aria-label': label }, text)
}

/**
 * A value in a line.
 *
 * @param {unknown} value
 */
export function jsonText(value) {
  return h('code', {}, JSON.stringify(value) ?? 'undefined')
}
