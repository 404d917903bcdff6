// @ts-check
import { h } from '../../dom/element.js'
import { labelled } from '../../parts/fields.js'
import { readSample, sampleFields } from './sample.js'

/** @typedef {{ listener: string, event?: string, sample?: object }} Input */

/**
 * @param {readonly string[]} queues that are offered
 * @param {{ listener: string, event: string }} given
 * @param {(button: HTMLButtonElement, input: Input) => Promise<void>} ask
 * @returns {{ element: HTMLElement, submit: () => Promise<void> }}
 */
export function explainForm(queues, given, ask) {
  const names = h(
    'datalist',
    { id: 'queues' },
    queues.map((queue) => h('option', { value: queue })),
  )
  const listener = h('input', {
    type: 'text',
    list: 'queues',
    value: given.listener,
    required: true,
    autocomplete: 'off',
    spellcheck: 'false',
  })
  const event = h('input', {
    type: 'text',
    value: given.event,
    autocomplete: 'off',
    spellcheck: 'false',
    required: true,
  })
  const sample = sampleFields()
  const button = h('button', { type: 'submit', class: 'primary' }, 'Explain')
  const parts = {
    event: labelled('Event id', event, 'As it stands in logs, in the live tail, or on a parked message.'),
    sample: sample.element,
  }
  const choice = (/** @type {'event' | 'sample'} */ name, /** @type {string} */ text) => {
    const radio = h('input', {
      type: 'radio',
      name: 'what',
      value: name,
      checked: name === 'event',
      onchange: () => choose(name),
    })
    return h('label', { class: 'check' }, radio, ` ${text}`)
  }
  /** @type {'event' | 'sample'} */
  let chosen = 'event'
  const choose = (/** @type {'event' | 'sample'} */ name) => {
    chosen = name
    parts.event.hidden = name !== 'event'
    event.required = name === 'event'
    parts.sample.hidden = name !== 'sample'
    sample.type.required = name === 'sample'
  }
  choose('event')

  const submit = async () => {
    const about = chosen === 'event' ? { event: event.value.trim() } : readSample(sample)
    if (about !== undefined) await ask(button, { listener: listener.value.trim(), ...about })
  }
  const element = h(
    'form',
    {
      class: 'form',
      onsubmit: (/** @type {Event} */ submitted) => {
        submitted.preventDefault()
        void submit()
      },
    },
    labelled('Listener', listener, 'The name of its queue.'),
    names,
    h(
      'fieldset',
      {},
      h('legend', {}, 'Which event'),
      choice('event', 'One that was emitted'),
      choice('sample', 'A made-up one'),
    ),
    parts.event,
    parts.sample,
    h('div', { class: 'actions' }, button),
  )
  return { element, submit }
}
