// @ts-check
import { call } from '../api/call.js'
import { keepFresh } from '../api/keep-fresh.js'
import { announce } from '../dom/announce.js'
import { h } from '../dom/element.js'
import { empty } from '../parts/empty.js'
import { labelled, searchField } from '../parts/fields.js'
import { heading } from '../parts/heading.js'
import { plural } from '../parts/numbers.js'
import { problemLine } from '../parts/problem-box.js'
import { createTable } from '../parts/table.js'
import { linkTo, rememberQuery } from '../route.js'
import { attributeColumns } from './attributes/columns.js'
import { recordNames } from './attributes/record-names.js'

/** @typedef {import('../main.js').Visit} Visit */
/** @typedef {import('@recordcast/operator/shapes').Shape<'attributes'>} Report */

/**
 * Who reads which attribute of a record type, in the payload or in a filter.
 *
 * @param {Visit} visit
 */
export async function showAttributes({ path: [chosen], query, signal }) {
  const names = await recordNames(signal)
  const record = chosen ?? names[0]
  const lead = 'Who reads which attribute of a record type, in what it is sent or in a filter.'
  if (record === undefined) {
    return [
      heading('Attributes', { lead }),
      empty('No source announced a record type', 'A source tells of its record types when it starts.'),
    ]
  }
  const wanted = { search: query.get('search') ?? '' }
  const table = createTable({
    caption: `Attributes of ${record}`,
    columns: attributeColumns(record),
    key: ({ path }) => path,
  })
  const host = h('div', {})
  /** @type {Report | undefined} */
  let report
  const draw = () => {
    const text = wanted.search.toLowerCase()
    const all = report?.attributes ?? []
    const found = all.filter(({ path, readers }) =>
      [path, ...readers.map(({ listener }) => listener)].some((name) => name.toLowerCase().includes(text)),
    )
    table.show(found)
    announce(plural(found.length, 'attribute'))
    return [
      h(
        'p',
        { class: 'sum' },
        ownersOf(report),
        ` ${plural(found.length, 'attribute')}, ${plural(found.filter(({ readers }) => readers.length === 0).length, 'attribute')} that nobody reads.`,
      ),
      ...(report?.unknown ?? []).map(({ service, instance, problem }) =>
        h('p', {}, problemLine(problem, `Lacking what ${service} (${instance}) counted:`)),
      ),
      found.length === 0
        ? empty(
            all.length === 0 ? `Nobody told of an attribute of ${record}` : 'No attribute fits',
            'A part of its path or of a reader’s name will do.',
          )
        : table.element,
    ]
  }
  const { note } = await keepFresh({
    ...{ host, signal, everyMs: 15_000 },
    load: (until) => call('/api/attributes', { query: { record }, signal: until }),
    draw: (/** @type {Report} */ told) => {
      report = told
      return draw()
    },
  })
  return [
    heading('Attributes', { lead, actions: [note] }),
    h(
      'form',
      { class: 'filters', role: 'search', onsubmit: (/** @type {Event} */ event) => event.preventDefault() },
      labelled('Record type', chooser(names, record)),
      searchField('Search attributes and readers', wanted.search, (text) => {
        wanted.search = text
        rememberQuery(['attributes', record], wanted)
        host.replaceChildren(...draw())
      }),
      h('a', { class: 'button', href: linkTo(['impact', record]) }, 'What would a change break?'),
    ),
    host,
  ]
}

/** @param {Report | undefined} report */
function ownersOf(report) {
  const owners = report?.owners ?? []
  return owners.length === 0 ? 'No source owns it now.' : `Owned by ${owners.join(', ')}.`
}

/**
 * @param {readonly string[]} names
 * @param {string} record
 */
function chooser(names, record) {
  const all = names.includes(record) ? names : [record, ...names]
  const select = h(
    'select',
    {},
    all.map((name) => h('option', { value: name, selected: name === record }, name)),
  )
  select.addEventListener('change', () => {
    location.hash = linkTo(['attributes', select.value])
  })
  return select
}
