// @ts-check
import { h } from '../../dom/element.js'
import { moment } from '../../parts/moment.js'
import { plural } from '../../parts/numbers.js'
import { linkTo } from '../../route.js'

/** @typedef {import('./columns.js').Reader} Reader */

const words = { payload: 'sent', filter: 'in a filter', compared: 'compared' }
const most = 100

/**
 * Who reads an attribute. One line each, made when somebody wants to see them: there may be thousands.
 *
 * @param {string} record
 * @param {string} path
 * @param {readonly Reader[]} readers
 */
export function readersOf(record, path, readers) {
  if (readers.length === 0) return 'nobody'
  const names = new Set(readers.map(({ listener }) => listener))
  const list = h('ul', { class: 'lines' })
  const more = readers.length - most
  const details = h(
    'details',
    {
      'data-key': `readers ${path}`,
      ontoggle: () => {
        if (!details.open || list.childElementCount > 0) return
        list.append(...readers.slice(0, most).map(readerLine))
        if (more > 0) list.append(h('li', {}, `and ${plural(more, 'reading', 'readings')} more: `, all))
      },
    },
    h('summary', {}, names.size <= 2 ? [...names].join(', ') : plural(names.size, 'listener')),
    list,
  )
  const all = h('a', { href: linkTo(['subscriptions'], { event: record, attribute: path }) }, 'all subscriptions')
  return details
}

/** @param {Reader} reader */
function readerLine({ queue, listener, event, as, expression, since, times }) {
  return h(
    'li',
    {},
    h('a', { href: linkTo(['listeners', queue]) }, listener),
    `: ${words[as]} as `,
    h('code', {}, expression),
    ` with ${event}, `,
    times === undefined ? 'nobody counted how often' : plural(times, 'time'),
    ', subscribed ',
    moment(since),
  )
}
