// @ts-check
import { call } from '../api/call.js'
import { keepFresh } from '../api/keep-fresh.js'
import { h } from '../dom/element.js'
import { badge } from '../parts/badge.js'
import { empty } from '../parts/empty.js'
import { heading } from '../parts/heading.js'
import { jsonText } from '../parts/json-block.js'
import { moment } from '../parts/moment.js'
import { table } from '../parts/table.js'
import { linkTo } from '../route.js'

/** @typedef {import('../main.js').Visit} Visit */
/** @typedef {import('@recordcast/operator/shapes').Shape<'auditEntry'>} Entry */

/** @type {import('../parts/table.js').Column<Entry>[]} */
const columns = [
  { head: 'When', cell: ({ at }) => moment(at), sort: ({ at }) => at },
  { head: 'Who', cell: ({ by }) => by || '–', sort: ({ by }) => by },
  { head: 'Did', cell: ({ action }) => action, sort: ({ action }) => action },
  {
    head: 'To',
    cell: ({ target }) => h('a', { href: linkTo(['listeners', target]) }, target),
    sort: ({ target }) => target,
  },
  { head: 'How', cell: ({ details }) => jsonText(details) },
  {
    head: 'Outcome',
    cell: ({ outcome, problem }) => [
      badge(
        outcome === 'done' ? { kind: 'good', sign: '✓', text: 'done' } : { kind: 'bad', sign: '▲', text: 'failed' },
      ),
      problem && h('span', {}, ' ', h('code', {}, problem.code), ' ', problem.message),
    ],
  },
]

/**
 * What operators did through this process.
 *
 * @param {Visit} visit
 */
export async function showAudit({ signal }) {
  const host = h('div', {})
  const { note } = await keepFresh({
    ...{ host, signal },
    load: (until) => call('/api/audit', { signal: until }),
    draw: (/** @type {{ items: Entry[] }} */ { items }) => [
      items.length === 0
        ? empty('Nobody has done anything', 'Replays, drops, pauses and withdrawals through this process stand here.')
        : table('What operators did', columns, items, ({ at, target }, index) => `${at} ${target} ${index}`),
    ],
  })
  return [
    heading('Audit', {
      lead: 'What operators did through this process, newest first; its log has it for good.',
      actions: [note],
    }),
    host,
  ]
}
