// @ts-check
import { h } from '../../dom/element.js'
import { moment } from '../../parts/moment.js'
import { bytesText, countText } from '../../parts/numbers.js'
import { table } from '../../parts/table.js'
import { linkTo } from '../../route.js'

/** @typedef {import('@recordcast/operator/shapes').Shape<'parkedRow'>} Row */

/**
 * Parked messages, one a line.
 *
 * @param {string} queue
 * @param {readonly Row[]} rows
 */
export function messagesTable(queue, rows) {
  return table(
    'Parked messages',
    /** @type {import('../../parts/table.js').Column<Row>[]} */ ([
      {
        head: 'Message',
        cell: ({ id, event }) => [
          h(
            'a',
            { href: linkTo(['listeners', queue, 'parked', id]) },
            event === undefined ? id : `${event.type} ${event.subject}`,
          ),
          event && h('span', { class: 'beside' }, ` ${id}`),
        ],
      },
      { head: 'Error', cell: ({ code, message }) => [h('code', {}, code), ' ', h('span', { class: 'clip' }, message)] },
      { head: 'Tenant', cell: ({ event }) => event?.tenant ?? '–' },
      { head: 'Attempts', cell: ({ attempts }) => countText(attempts), number: true },
      { head: 'Parked', cell: ({ parkedAt }) => moment(parkedAt), sort: ({ parkedAt }) => parkedAt },
      { head: 'Size', cell: ({ bytes }) => bytesText(bytes), sort: ({ bytes }) => bytes, number: true },
    ]),
    rows,
    ({ id }, index) => `${id} ${index}`,
  )
}
