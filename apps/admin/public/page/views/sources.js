// @ts-check

import { keepFresh } from '../api/keep-fresh.js'
import { loadList } from '../api/load-list.js'
import { announce } from '../dom/announce.js'
import { h } from '../dom/element.js'
import { badge } from '../parts/badge.js'
import { empty } from '../parts/empty.js'
import { searchField } from '../parts/fields.js'
import { heading } from '../parts/heading.js'
import { countText, plural, spanText } from '../parts/numbers.js'
import { createTable } from '../parts/table.js'
import { linkTo, rememberQuery } from '../route.js'

/** @typedef {import('../main.js').Visit} Visit */
/** @typedef {import('@recordcast/operator/shapes').Shape<'sources'>['items'][number]} Row */

/** @param {Row} row */
const number = (row, /** @type {'emitted' | 'published' | 'failed' | 'inFlight'} */ what) => {
  const count = row[what]
  return count === undefined ? '–' : countText(count)
}

/** @type {import('../parts/table.js').Column<Row>[]} */
const columns = [
  {
    head: 'Source',
    sort: ({ service }) => service,
    cell: ({ service, instance }) => [
      h('a', { href: linkTo(['sources', service, instance]) }, service),
      h('span', { class: 'beside' }, ` ${instance}`),
    ],
  },
  {
    head: 'State',
    cell: ({ problem }) =>
      badge(
        problem === undefined
          ? { kind: 'good', sign: '●', text: 'answers' }
          : { kind: 'bad', sign: '▲', text: problem.code },
      ),
  },
  {
    head: 'Records',
    cell: ({ records }) =>
      records.map((record) => h('a', { class: 'chip', href: linkTo(['attributes', record]) }, record)),
  },
  { head: 'Emitted', cell: (row) => number(row, 'emitted'), sort: ({ emitted }) => emitted ?? -1, number: true },
  {
    head: 'Published',
    cell: (row) => number(row, 'published'),
    sort: ({ published }) => published ?? -1,
    number: true,
  },
  { head: 'Failed', cell: (row) => number(row, 'failed'), sort: ({ failed }) => failed ?? -1, number: true },
  { head: 'Unconfirmed', cell: (row) => number(row, 'inFlight'), sort: ({ inFlight }) => inFlight ?? -1, number: true },
  {
    head: 'Up for',
    cell: ({ upMs }) => (upMs === undefined ? '–' : spanText(upMs)),
    sort: ({ upMs }) => upMs ?? -1,
    number: true,
  },
]

const most = 1000

/**
 * Every instance of a source.
 *
 * @param {Visit} visit
 */
export async function showSources({ query, signal }) {
  let search = query.get('search') ?? ''
  /** @type {readonly Row[]} */
  let rows = []
  const table = createTable({ caption: 'Sources', columns, key: ({ id }) => id })
  const host = h('div', {})
  const draw = () => {
    const text = search.toLowerCase()
    const found = rows.filter(({ id, service, records }) =>
      [id, service, ...records].some((name) => name.toLowerCase().includes(text)),
    )
    table.show(found)
    announce(plural(found.length, 'source'))
    if (rows.length === 0) return [empty('No source is on this bus', 'A source announces itself when it starts.')]
    if (found.length === 0)
      return [empty(`No source fits “${search}”`, 'A part of its name, its instance or a record type will do.')]
    return [table.element]
  }
  const { note } = await keepFresh({
    ...{ host, signal },
    load: (until) => loadList('/api/sources', {}, most, until),
    draw: ({ items }) => {
      rows = items
      return draw()
    },
  })
  const field = searchField('Search sources', search, (text) => {
    search = text
    rememberQuery(['sources'], { search })
    host.replaceChildren(...draw())
  })
  return [
    heading('Sources', { lead: 'Who owns records and tells of their changes, an instance a line.', actions: [note] }),
    h(
      'form',
      { class: 'filters', role: 'search', onsubmit: (/** @type {Event} */ event) => event.preventDefault() },
      field,
    ),
    host,
  ]
}
