// @ts-check
import { h } from '../dom/element.js'
import { badge } from '../parts/badge.js'
import { empty } from '../parts/empty.js'
import { searchField } from '../parts/fields.js'
import { heading } from '../parts/heading.js'
import { statesOf } from '../parts/listener-state.js'
import { moment } from '../parts/moment.js'
import { countText } from '../parts/numbers.js'
import { pagedList } from '../parts/paged-list.js'
import { createTable } from '../parts/table.js'
import { linkTo, rememberQuery } from '../route.js'

/** @typedef {import('../main.js').Visit} Visit */
/** @typedef {import('@recordcast/operator/shapes').Shape<'listenerRow'>} Row */

/** @param {Row} row */
const count = (row, /** @type {'ready' | 'unsettled' | 'parked'} */ what) =>
  row.depth === undefined ? '–' : countText(row.depth[what])

/** @type {import('../parts/table.js').Column<Row>[]} */
const columns = [
  {
    head: 'Listener',
    sort: ({ listener }) => listener,
    cell: ({ queue, listener, service, delivery }) => [
      h('a', { href: linkTo(['listeners', queue]) }, listener),
      delivery === 'each' && h('span', { class: 'beside' }, ` each instance its own: ${queue}`),
      listener !== service && !listener.startsWith(`${service}.`) && h('span', { class: 'beside' }, ` of ${service}`),
    ],
  },
  { head: 'State', cell: (row) => h('div', { class: 'badges' }, statesOf(row).map(badge)) },
  { head: 'Ready', cell: (row) => count(row, 'ready'), sort: ({ depth }) => depth?.ready ?? -1, number: true },
  {
    head: 'In flight',
    cell: (row) => count(row, 'unsettled'),
    sort: ({ depth }) => depth?.unsettled ?? -1,
    number: true,
  },
  { head: 'Parked', cell: (row) => count(row, 'parked'), sort: ({ depth }) => depth?.parked ?? -1, number: true },
  { head: 'Events', cell: ({ events }) => eventsOf(events), sort: ({ events }) => events.length },
  {
    head: 'Attributes',
    cell: ({ attributes }) => countText(attributes),
    sort: ({ attributes }) => attributes,
    number: true,
  },
  { head: 'Since', cell: ({ since }) => moment(since), sort: ({ since }) => since },
]

/**
 * Every listener, with the state of its queue.
 *
 * @param {Visit} visit
 */
export async function showListeners({ query, signal }) {
  const wanted = { search: query.get('search') ?? '' }
  const table = createTable({ caption: 'Listeners', columns, key: ({ queue }) => queue })
  const list = await pagedList({
    ...{ path: '/api/listeners', what: 'listeners', table, signal },
    query: () => wanted,
    none: (isSearch) =>
      isSearch
        ? empty(
            `No listener is called anything like “${wanted.search}”`,
            'A part of the name of a listener, its service or its queue will do.',
          )
        : empty(
            'Nobody listens on this bus',
            'A listener stands here from its start() on, and stays when it is away, until somebody unsubscribes or withdraws it.',
          ),
  })
  const search = searchField('Search listeners', wanted.search, (text) => {
    wanted.search = text
    rememberQuery(['listeners'], wanted)
    list.look()
  })
  return [
    heading('Listeners', {
      lead: 'Who subscribed, here or away, and what waits in their queues.',
      actions: [list.note],
    }),
    h(
      'form',
      { class: 'filters', role: 'search', onsubmit: (/** @type {Event} */ event) => event.preventDefault() },
      search,
    ),
    list.host,
  ]
}

/** @param {readonly string[]} events */
function eventsOf(events) {
  const [first = 'none', ...rest] = events
  return [first, rest.length > 0 && h('span', { class: 'beside', title: rest.join(', ') }, ` and ${rest.length} more`)]
}
