// @ts-check
import { call } from '../api/call.js'
import { loadList } from '../api/load-list.js'
import { announce } from '../dom/announce.js'
import { h } from '../dom/element.js'
import { attempt } from '../parts/attempt.js'
import { heading } from '../parts/heading.js'
import { rememberQuery } from '../route.js'
import { explainForm } from './explain/form.js'
import { explanation } from './explain/result.js'
import { toWords } from './explain/words.js'

/** @typedef {import('../main.js').Visit} Visit */

const offered = 500

/**
 * Why an event did or did not arrive at a listener, or whether a made-up one would.
 *
 * @param {Visit} visit
 */
export async function showExplain({ query, signal }) {
  const { items } = await loadList('/api/listeners', {}, offered, signal)
  const queues = items.map(({ queue }) => queue)
  const answer = h('div', {})
  const trouble = h('div', {})
  const ask = (
    /** @type {HTMLButtonElement} */ button,
    /** @type {{ listener: string, event?: string, sample?: object }} */ input,
  ) =>
    attempt(button, trouble, async () => {
      answer.replaceChildren()
      const told = await call('/api/explain', { method: 'POST', body: input, signal })
      rememberQuery(['explain'], { listener: input.listener, event: input.event })
      answer.replaceChildren(...explanation(told))
      announce(toWords(told.fate).text)
    })
  const given = { listener: query.get('listener') ?? '', event: query.get('event') ?? '' }
  const { element, submit } = explainForm(queues, given, ask)
  if (given.listener !== '' && given.event !== '') await submit()
  return [
    heading('Why did it not arrive?', {
      lead: 'What every source says about one event and one listener. Sources remember their latest events; a made-up one can be tried at any time, and nothing is published.',
    }),
    element,
    trouble,
    answer,
  ]
}
