// @ts-check
import { h } from '../dom/element.js'
import { empty } from '../parts/empty.js'
import { searchField } from '../parts/fields.js'
import { heading } from '../parts/heading.js'
import { moment } from '../parts/moment.js'
import { pagedList } from '../parts/paged-list.js'
import { subscriptionColumns } from '../parts/subscription-columns.js'
import { createTable } from '../parts/table.js'
import { linkTo, rememberQuery } from '../route.js'

/** @typedef {import('../main.js').Visit} Visit */
/** @typedef {import('@recordcast/operator/shapes').Shape<'subscriptions'>['items'][number]} Row */

/** @type {import('../parts/table.js').Column<Row>[]} */
const columns = [
  {
    head: 'Listener',
    cell: ({ queue, listener }) => h('a', { href: linkTo(['listeners', queue]) }, listener),
    sort: ({ listener }) => listener,
  },
  ...subscriptionColumns,
  { head: 'Since', cell: ({ since }) => moment(since), sort: ({ since }) => since },
]

const fields = /** @type {const} */ ([
  ['service', 'Service'],
  ['event', 'Event type or record'],
  ['attribute', 'Attribute'],
  ['tenant', 'Tenant'],
])

/**
 * Every subscription on the board.
 *
 * @param {Visit} visit
 */
export async function showSubscriptions({ query, signal }) {
  const wanted = Object.fromEntries(fields.map(([name]) => [name, query.get(name) ?? '']))
  const table = createTable({
    caption: 'Subscriptions',
    columns,
    key: ({ queue, set, event }) => `${queue} ${set} ${event}`,
  })
  const list = await pagedList({
    ...{ path: '/api/subscriptions', what: 'subscriptions', table, signal },
    query: () => wanted,
    none: (isSearch) =>
      isSearch
        ? empty(
            'No subscription fits',
            'Service and tenant want the whole name; an event type is like issue.changed, a record like issue, an attribute like author.login.',
          )
        : empty('There is no subscription on this bus', 'A listener announces its subscriptions when it starts.'),
  })
  const search = fields.map(([name, label]) =>
    searchField(label, wanted[name] ?? '', (text) => {
      wanted[name] = text
      rememberQuery(['subscriptions'], wanted)
      list.look()
    }),
  )
  return [
    heading('Subscriptions', {
      lead: 'Who asked for which attributes of which event, and on what condition.',
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
