// @ts-check
import { h } from '../../dom/element.js'
import { empty } from '../../parts/empty.js'
import { section } from '../../parts/heading.js'
import { countText } from '../../parts/numbers.js'
import { problemLine } from '../../parts/problem-box.js'
import { table } from '../../parts/table.js'
import { linkTo } from '../../route.js'

/** @typedef {import('@recordcast/operator/shapes').Shape<'listener'>['counts']} Counts */
/** @typedef {import('../../parts/table.js').Column<Counts['events'][number]>} Column */

/** @type {Column[]} */
const columns = [
  { head: 'Event', cell: ({ event }) => event, sort: ({ event }) => event },
  { head: 'Seen', cell: ({ seen }) => countText(seen), sort: ({ seen }) => seen, number: true },
  {
    head: 'Delivered',
    cell: ({ delivered }) => countText(delivered),
    sort: ({ delivered }) => delivered,
    number: true,
  },
  {
    head: 'By the filter',
    cell: ({ suppressed }) => countText(suppressed.filter),
    sort: ({ suppressed }) => suppressed.filter,
    number: true,
  },
  {
    head: 'By the tenant',
    cell: ({ suppressed }) => countText(suppressed.tenant),
    sort: ({ suppressed }) => suppressed.tenant,
    number: true,
  },
  {
    head: 'Unchanged',
    cell: ({ suppressed }) => countText(suppressed.unchanged),
    sort: ({ suppressed }) => suppressed.unchanged,
    number: true,
  },
]

/**
 * What sources counted for a listener.
 *
 * @param {string} queue
 * @param {Counts} counts
 */
export function countsPart(queue, { events, unknown }) {
  return section(
    'What sources counted',
    h(
      'p',
      { class: 'hint' },
      'Events of each type since the source’s instance began: how many went, and what held the others back. ',
      h('a', { href: linkTo(['explain'], { listener: queue }) }, 'Ask about one event'),
    ),
    events.length === 0
      ? empty('No source counts anything for it', 'None has taken in its subscriptions; see the verdicts beneath.')
      : table('Counts by event type', columns, events, ({ event }) => event),
    unknown.length > 0 &&
      h(
        'ul',
        { class: 'lines' },
        unknown.map(({ service, instance, problem }) =>
          h('li', {}, problemLine(problem, `Lacking what ${service} (${instance}) counted:`)),
        ),
      ),
  )
}
