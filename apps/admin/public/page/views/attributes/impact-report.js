// @ts-check
import { h } from '../../dom/element.js'
import { badge } from '../../parts/badge.js'
import { section } from '../../parts/heading.js'
import { plural } from '../../parts/numbers.js'
import { table } from '../../parts/table.js'
import { linkTo } from '../../route.js'

/** @typedef {import('@recordcast/operator/shapes').Shape<'impact'>} Impact */
/** @typedef {Impact['breaks'][number]} Consequence */

/** @type {import('../../parts/table.js').Column<Consequence>[]} */
const columns = [
  {
    head: 'Listener',
    cell: ({ queue, listener }) => h('a', { href: linkTo(['listeners', queue]) }, listener),
    sort: ({ listener }) => listener,
  },
  { head: 'Event', cell: ({ event }) => event, sort: ({ event }) => event },
  {
    head: 'Reads',
    cell: ({ expression, as }) => [
      h('code', {}, expression),
      h('span', { class: 'beside' }, as === 'payload' ? ' sent' : as === 'filter' ? ' in a filter' : ' compared'),
    ],
  },
  {
    head: 'How',
    cell: ({ message, nearest }) => [
      message,
      nearest && nearest.length > 0 && h('span', { class: 'beside' }, ` There are: ${nearest.join(', ')}`),
    ],
  },
]

/**
 * @param {Impact} impact
 * @returns {Node[]}
 */
export function impactReport({ breaks, changes, listeners, broken, record }) {
  const state =
    broken.length === 0
      ? badge({ kind: 'good', sign: '✓', text: 'nothing breaks' })
      : badge({ kind: 'bad', sign: '▲', text: `${plural(broken.length, 'listener')} would be refused` })
  const key = (/** @type {Consequence} */ _, /** @type {number} */ index) => String(index)
  return [
    h('p', { class: 'verdict' }, state, ` of ${plural(listeners, 'listener')} that read ${record}`),
    ...(breaks.length > 0 ? [section('What breaks', table('What breaks', columns, breaks, key))] : []),
    ...(changes.length > 0
      ? [section('What stays accepted and means something else', table('What changes', columns, changes, key))]
      : []),
  ]
}
