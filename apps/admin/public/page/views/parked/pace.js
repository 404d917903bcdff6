// @ts-check
import { h } from '../../dom/element.js'
import { labelled } from '../../parts/fields.js'

/**
 * How fast messages are to be replayed.
 *
 * @param {string} doing
 * @param {(button: HTMLButtonElement, perSecond: number) => void} go
 * @param {() => void} cancel
 */
export function paceForm(doing, go, cancel) {
  const pace = h('input', {
    type: 'number',
    min: 0.2,
    max: 10_000,
    step: 'any',
    value: 100,
    required: true,
    inputmode: 'decimal',
  })
  const button = h('button', { type: 'submit', class: 'primary' }, doing)
  return h(
    'form',
    {
      onsubmit: (/** @type {Event} */ event) => {
        event.preventDefault()
        go(button, pace.valueAsNumber)
      },
    },
    labelled('Messages a second, at most', pace, 'From 0.2 to 10,000. Slow is kind to what the handler calls.'),
    h('div', { class: 'actions end' }, h('button', { type: 'button', onclick: cancel }, 'Cancel'), button),
  )
}
