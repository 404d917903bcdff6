// @ts-check
import { h } from '../dom/element.js'
import { spanText } from './numbers.js'

/**
 * A moment as somebody tells it, `3 min ago`, with the exact one on hover.
 *
 * @param {string} iso
 */
export function moment(iso) {
  const time = h('time', { datetime: iso, title: iso, class: 'moment' })
  time.textContent = tell(iso)
  return time
}

/**
 * Brings all such texts up to date.
 *
 * @param {Element} host
 */
export function retellMoments(host) {
  for (const time of host.querySelectorAll('time.moment')) time.textContent = tell(time.getAttribute('datetime') ?? '')
}

/** @param {string} iso */
function tell(iso) {
  const ms = Date.now() - Date.parse(iso)
  if (Number.isNaN(ms)) return iso
  return ms < 1000 ? 'just now' : `${spanText(ms)} ago`
}
