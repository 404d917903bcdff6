// @ts-check
import { h } from '../../dom/element.js'
import { searchField } from '../../parts/fields.js'

/**
 * What of the picture is to be seen.
 *
 * @param {{ search: string, trouble: boolean }} wanted is written to
 * @param {() => void} changed
 */
export function busFilters(wanted, changed) {
  const trouble = h('input', { type: 'checkbox', checked: wanted.trouble })
  trouble.addEventListener('change', () => {
    wanted.trouble = trouble.checked
    changed()
  })
  const search = (/** @type {string} */ text) => {
    wanted.search = text
    changed()
  }
  return h(
    'form',
    { class: 'filters', role: 'search', onsubmit: (/** @type {Event} */ event) => event.preventDefault() },
    searchField('Search sources and listeners', wanted.search, search),
    h('label', { class: 'check' }, trouble, ' Only what is in trouble'),
  )
}
