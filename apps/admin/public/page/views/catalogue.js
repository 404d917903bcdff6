// @ts-check
import { call } from '../api/call.js'
import { keepFresh } from '../api/keep-fresh.js'
import { h } from '../dom/element.js'
import { attempt } from '../parts/attempt.js'
import { empty } from '../parts/empty.js'
import { heading, section } from '../parts/heading.js'
import { plural } from '../parts/numbers.js'
import { table } from '../parts/table.js'
import { linkTo } from '../route.js'
import { saveAs } from './catalogue/save-as.js'

/** @typedef {import('../main.js').Visit} Visit */
/** @typedef {import('@recordcast/operator/shapes').Shape<'catalogue'>} Catalogue */
/** @typedef {Catalogue['lint'][number]} Lint */

/** What each rule is about, those first that want something done. */
const rules = /** @type {const} */ ([
  [
    'unknown-attribute',
    'Attributes that no longer exist',
    'A listener asks for what its source does not have; the source refuses it.',
  ],
  ['source-gone', 'Listeners whose source is gone', 'Nobody emits what they wait for.'],
  [
    'schema-drift',
    'Records announced differently',
    'Instances of a source disagree, as while a deploy rolls; later it is a fault.',
  ],
  ['unheard-record', 'Records that nobody listens to', 'They may go, or wait for their first listener.'],
  ['unread-attribute', 'Attributes that nobody reads', 'They may go from the record without anybody’s notice.'],
])

/**
 * What the bus announced of itself, and what is odd about it.
 *
 * @param {Visit} visit
 */
export async function showCatalogue({ signal }) {
  const host = h('div', {})
  const trouble = h('div', {})
  const { note } = await keepFresh({
    host,
    signal,
    draw,
    load: (until) => call('/api/catalogue', { signal: until }),
    everyMs: 30_000,
  })
  const save = h(
    'button',
    {
      type: 'button',
      onclick: () =>
        attempt(save, trouble, async () => saveAs('asyncapi.json', await call('/api/asyncapi.json', { signal }))),
    },
    'Save the AsyncAPI document',
  )
  return [
    heading('Catalogue', {
      lead: 'Sources and listeners as they announced themselves, and what is odd about them.',
      actions: [note],
    }),
    h('div', { class: 'actions' }, save, h('a', { class: 'button', href: '/docs' }, 'The API’s documentation')),
    trouble,
    host,
  ]
}

/** @param {Catalogue} catalogue */
function draw({ document: told, lint }) {
  const count = (/** @type {unknown} */ part) => Object.keys(part ?? {}).length
  const sum = h(
    'p',
    { class: 'sum' },
    `${plural(count(told?.channels), 'event type')}, ${plural(count(told?.operations), 'operation')}, ${plural(lint.length, 'finding')}.`,
  )
  const found = rules.flatMap(([rule, title, hint]) => {
    const own = lint.filter((each) => each.rule === rule)
    if (own.length === 0) return []
    return [
      section(
        `${title} (${own.length})`,
        h('p', { class: 'hint' }, hint),
        table(title, columns, own, ({ subject, message }, index) => `${subject} ${message} ${index}`),
      ),
    ]
  })
  return [
    sum,
    ...(found.length === 0
      ? [empty('Nothing is odd', 'Every attribute is read, every record heard, every listener fed.')]
      : found),
  ]
}

/** @type {import('../parts/table.js').Column<Lint>[]} */
const columns = [
  { head: 'What', cell: ({ rule, subject }) => subjectOf(rule, subject), sort: ({ subject }) => subject },
  { head: 'Finding', cell: ({ message }) => message },
]

/**
 * @param {Lint['rule']} rule
 * @param {string} subject
 */
function subjectOf(rule, subject) {
  if (rule === 'source-gone' || rule === 'unknown-attribute')
    return h('a', { href: linkTo(['listeners', subject]) }, subject)
  const [record = subject] = subject.split('.')
  return h('a', { href: linkTo(['attributes', record], { search: subject.slice(record.length + 1) }) }, subject)
}
