// @ts-check
import { call } from '../api/call.js'
import { keepFresh } from '../api/keep-fresh.js'
import { h } from '../dom/element.js'
import { empty } from '../parts/empty.js'
import { heading, section } from '../parts/heading.js'
import { moment } from '../parts/moment.js'
import { countText } from '../parts/numbers.js'
import { problemLine } from '../parts/problem-box.js'
import { table } from '../parts/table.js'
import { linkTo } from '../route.js'
import { withdrawListener } from './listener/withdraw.js'

/** @typedef {import('../main.js').Visit} Visit */
/** @typedef {import('@recordcast/operator/shapes').Shape<'orphans'>} Orphans */
/** @typedef {import('../parts/table.js').Column<NonNullable<Orphans['queues']>[number]>} QueueColumn */
/** @typedef {import('../parts/table.js').Column<Orphans['facts'][number]>} FactColumn */
/** @typedef {import('../parts/table.js').Column<Orphans['setAside'][number]>} AsideColumn */

/**
 * What on the bus has lost its other half.
 *
 * @param {Visit} visit
 */
export async function showOrphans({ signal }) {
  const host = h('div', {})
  const { note } = await keepFresh({
    host,
    signal,
    draw,
    load: (until) => call('/api/orphans', { signal: until }),
    everyMs: 15_000,
  })
  return [
    heading('Orphans', {
      lead: 'Queues that nobody subscribes through, subscriptions whose queue is gone, announcements that nobody can read.',
      actions: [note],
    }),
    host,
  ]
}

/** @param {Orphans} orphans */
function draw({ queues, facts, setAside }) {
  return [
    section(
      'Queues without a listener',
      queues === undefined
        ? h('p', {}, 'This broker does not tell which queues there are.')
        : queues.length === 0
          ? empty('There are none')
          : [
              h(
                'p',
                { class: 'hint' },
                'They keep what is in them and get nothing more. Withdraw those that nobody will come back for.',
              ),
              table('Queues without a listener', queueColumns, queues, ({ queue }) => queue),
            ],
    ),
    section(
      'Listeners without a queue',
      facts.length === 0
        ? empty('There are none')
        : [
            h(
              'p',
              { class: 'hint' },
              'Events for them are refused. One that is alive puts its queue back by itself; withdraw the others.',
            ),
            table('Listeners without a queue', factColumns, facts, ({ key }) => key),
          ],
    ),
    section(
      'Announcements set aside',
      setAside.length === 0
        ? empty('There are none')
        : table('Announcements set aside', asideColumns, setAside, ({ board, key }) => `${board} ${key}`),
    ),
  ]
}

const withdraw = (/** @type {{ queue: string }} */ { queue }) =>
  h(
    'button',
    { type: 'button', onclick: () => withdrawListener(queue), 'aria-label': `Withdraw ${queue}` },
    'Withdraw …',
  )

/** @type {QueueColumn[]} */
const queueColumns = [
  { head: 'Queue', cell: ({ queue }) => h('code', {}, queue), sort: ({ queue }) => queue },
  {
    head: 'Ready',
    cell: ({ depth }) => (depth ? countText(depth.ready) : '–'),
    sort: ({ depth }) => depth?.ready ?? -1,
    number: true,
  },
  {
    head: 'Parked',
    cell: ({ depth }) => (depth ? countText(depth.parked) : '–'),
    sort: ({ depth }) => depth?.parked ?? -1,
    number: true,
  },
  { head: 'Do', cell: withdraw },
]

/** @type {FactColumn[]} */
const factColumns = [
  {
    head: 'Listener',
    cell: ({ queue, listener }) => h('a', { href: linkTo(['listeners', queue]) }, listener),
    sort: ({ listener }) => listener,
  },
  { head: 'Since', cell: ({ since }) => moment(since), sort: ({ since }) => since },
  { head: 'Alive', cell: ({ alive }) => (alive ? 'yes' : 'no') },
  { head: 'Do', cell: withdraw },
]

/** @type {AsideColumn[]} */
const asideColumns = [
  { head: 'Board', cell: ({ board }) => board, sort: ({ board }) => board },
  { head: 'Key', cell: ({ key }) => h('code', {}, key), sort: ({ key }) => key },
  { head: 'Why', cell: (each) => problemLine(each) },
]
