// @ts-check
import { h } from '../dom/element.js'

let made = 0

/** @typedef {import('../dom/element.js').Attributes} Attributes */

/**
 * A labelled field; `control` is its input.
 *
 * @template {HTMLElement} T
 * @param {string} label
 * @param {T} control
 * @param {string} [hint]
 * @returns {HTMLElement}
 */
export function labelled(label, control, hint) {
  const id = `field-${++made}`
  control.id = id
  if (hint !== undefined) control.setAttribute('aria-describedby', `${id}-hint`)
  return h(
    'div',
    { class: 'field' },
    h('label', { for: id }, label),
    control,
    hint !== undefined && h('p', { class: 'hint', id: `${id}-hint` }, hint),
  )
}

/**
 * A search field that tells what is looked for.
 *
 * @param {string} label
 * @param {string} value
 * @param {(text: string) => void} tell
 * @param {Attributes} [more]
 */
export function searchField(label, value, tell, more = {}) {
  const input = h('input', { type: 'search', value, autocomplete: 'off', spellcheck: 'false', ...more })
  input.addEventListener('input', () => tell(input.value.trim()))
  return labelled(label, input)
}
