// @ts-check
import { h } from '../../dom/element.js'
import { countText } from '../../parts/numbers.js'
import { table } from '../../parts/table.js'
import { linkTo } from '../../route.js'

/** @typedef {import('../../picture/lay-out.js').Bus} Bus */
/** @typedef {import('../../parts/table.js').Column<Bus['arrows'][number]>} Column */

/** @type {Column[]} */
const columns = [
  { head: 'Source', cell: ({ from }) => from, sort: ({ from }) => from },
  { head: 'Listener', cell: ({ to }) => h('a', { href: linkTo(['listeners', to]) }, to), sort: ({ to }) => to },
  {
    head: 'Delivered',
    cell: ({ delivered }) => countText(delivered),
    sort: ({ delivered }) => delivered,
    number: true,
  },
  {
    head: 'Held back',
    cell: ({ suppressed }) => countText(suppressed),
    sort: ({ suppressed }) => suppressed,
    number: true,
  },
  { head: 'Event types', cell: ({ events }) => events.join(', ') },
]

/**
 * The picture's arrows as a table.
 *
 * @param {Bus} bus
 */
export function arrowsTable({ arrows }) {
  if (arrows.length === 0) return h('div', {})
  return h(
    'details',
    { class: 'fold', 'data-key': 'arrows' },
    h('summary', {}, 'The same as a table'),
    table('What sources put into queues', columns, arrows, ({ from, to }) => `${from} ${to}`),
  )
}
