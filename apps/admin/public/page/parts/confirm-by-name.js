// @ts-check
import { h } from '../dom/element.js'
import { labelled } from './fields.js'

/**
 * A form for what cannot be taken back: the name must be typed once more.
 *
 * @param {object} options
 * @param {string} options.name
 * @param {string} options.doing what the button says
 * @param {(button: HTMLButtonElement) => void} options.go
 * @param {() => void} options.cancel
 */
export function confirmByName({ name, doing, go, cancel }) {
  const input = h('input', {
    type: 'text',
    autocomplete: 'off',
    spellcheck: 'false',
    autocapitalize: 'none',
    required: true,
  })
  const button = h('button', { type: 'submit', class: 'danger' }, doing)
  const check = () => input.setCustomValidity(input.value === name ? '' : `That is not ${name}`)
  input.addEventListener('input', check)
  check()
  return h(
    'form',
    {
      onsubmit: (/** @type {Event} */ event) => {
        event.preventDefault()
        go(button)
      },
    },
    labelled('This cannot be taken back. Type the name of the queue to go on', input, name),
    h('div', { class: 'actions end' }, h('button', { type: 'button', onclick: cancel }, 'Cancel'), button),
  )
}
