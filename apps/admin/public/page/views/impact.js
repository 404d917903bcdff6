// @ts-check
import { call } from '../api/call.js'
import { h } from '../dom/element.js'
import { attempt } from '../parts/attempt.js'
import { labelled } from '../parts/fields.js'
import { heading } from '../parts/heading.js'
import { linkTo, rememberQuery } from '../route.js'
import { impactReport } from './attributes/impact-report.js'

/** @typedef {import('../main.js').Visit} Visit */

/**
 * Which listeners break if attributes of a record type go, or if its schema becomes another one.
 *
 * @param {Visit} visit
 */
export async function showImpact({ path: [record = ''], query, signal }) {
  const remove = h('input', {
    type: 'text',
    value: query.get('remove') ?? '',
    autocomplete: 'off',
    spellcheck: 'false',
  })
  const schema = h('textarea', { rows: 8, spellcheck: 'false' })
  const answer = h('div', { role: 'status' })
  const trouble = h('div', {})
  const button = h('button', { type: 'submit', class: 'primary' }, 'What breaks?')

  const ask = () =>
    attempt(button, trouble, async () => {
      answer.replaceChildren()
      const paths = remove.value.split(/[\s,]+/).filter((path) => path !== '')
      schema.setCustomValidity(schemaFault(schema.value))
      if (!schema.reportValidity()) return
      const change = schema.value.trim() === '' ? { remove: paths } : { schema: JSON.parse(schema.value) }
      const told = await call('/api/impact', { method: 'POST', query: { record }, body: change, signal })
      rememberQuery(['impact', record], { remove: paths.join(',') })
      answer.replaceChildren(...impactReport(told))
    })
  schema.addEventListener('input', () => schema.setCustomValidity(''))
  if (remove.value !== '') await ask()
  return [
    heading(`A change of ${record}`, {
      lead: 'Exactly which listeners would break, and how. Nothing is changed by asking.',
      back: { href: linkTo(['attributes', record]), text: `Attributes of ${record}` },
    }),
    h(
      'form',
      {
        class: 'form',
        onsubmit: (/** @type {Event} */ event) => {
          event.preventDefault()
          void ask()
        },
      },
      labelled('Attributes that go', remove, 'Paths such as author.login, with commas between them.'),
      h(
        'details',
        { class: 'fold' },
        h('summary', {}, 'Or another JSON Schema'),
        labelled('JSON Schema', schema, 'If one stands here, it is what is judged.'),
      ),
      h('div', { class: 'actions' }, button),
    ),
    trouble,
    answer,
  ]
}

/** @param {string} text */
function schemaFault(text) {
  if (text.trim() === '') return ''
  try {
    const value = JSON.parse(text)
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? ''
      : 'A JSON Schema is an object here: { "type": "object", … }'
  } catch (error) {
    return `That is no JSON: ${error instanceof Error ? error.message : error}`
  }
}
