// @ts-check
import { h } from '../../dom/element.js'
import { labelled } from '../../parts/fields.js'

/** Fields of an event that is only made up. */
export function sampleFields() {
  const text = (/** @type {object} */ more = {}) =>
    h('input', { type: 'text', autocomplete: 'off', spellcheck: 'false', ...more })
  const area = () => {
    const control = h('textarea', { rows: 6, spellcheck: 'false' })
    control.addEventListener('input', () => control.setCustomValidity(''))
    return control
  }
  const fields = { type: text(), subject: text({ value: 'sample' }), tenant: text(), before: area(), after: area() }
  const element = h(
    'div',
    { class: 'sample-fields' },
    h(
      'div',
      { class: 'side-by-side' },
      labelled('Event type', fields.type, 'Such as issue.changed.'),
      labelled('Record id', fields.subject),
      labelled('Tenant', fields.tenant, 'Empty: none.'),
    ),
    h(
      'div',
      { class: 'side-by-side' },
      labelled('The record before, as JSON', fields.before, 'Of changed and deleted events.'),
      labelled('The record after, as JSON', fields.after, 'Of all but deleted ones: { "title": "T", "state": "open" }'),
    ),
  )
  return { ...fields, element }
}

/**
 * What was filled in; undefined if something is no JSON, which its field then says.
 *
 * @param {ReturnType<typeof sampleFields>} fields
 */
export function readSample({ type, subject, tenant, before, after }) {
  const [was, is] = [readFacts(before), readFacts(after)]
  if (was === false || is === false) return undefined
  return {
    sample: {
      ...{ type: type.value.trim(), subject: subject.value.trim() || 'sample' },
      ...(tenant.value.trim() !== '' && { tenant: tenant.value.trim() }),
      ...(was && { before: was }),
      ...(is && { after: is }),
    },
  }
}

/**
 * @param {HTMLTextAreaElement} area
 * @returns {object | undefined | false}
 */
function readFacts(area) {
  if (area.value.trim() === '') return undefined
  try {
    const value = JSON.parse(area.value)
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value
    area.setCustomValidity('A record is a JSON object: { … }')
  } catch (error) {
    area.setCustomValidity(`That is no JSON: ${error instanceof Error ? error.message : error}`)
  }
  area.reportValidity()
  return false
}
