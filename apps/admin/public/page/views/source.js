// @ts-check
import { at, call } from '../api/call.js'
import { keepFresh } from '../api/keep-fresh.js'
import { h } from '../dom/element.js'
import { empty } from '../parts/empty.js'
import { heading, section } from '../parts/heading.js'
import { jsonBlock } from '../parts/json-block.js'
import { moment } from '../parts/moment.js'
import { bytesText, countText, spanText } from '../parts/numbers.js'
import { problemBox } from '../parts/problem-box.js'
import { table } from '../parts/table.js'
import { facts, tiles } from '../parts/tiles.js'
import { linkTo } from '../route.js'

/** @typedef {import('../main.js').Visit} Visit */
/** @typedef {import('@recordcast/operator/shapes').Shape<'source'>} Source */
/** @typedef {import('../parts/table.js').Column<Source['projections'][number]>} ProjectionColumn */
/** @typedef {import('../parts/table.js').Column<NonNullable<Source['stats']>['loaders'][number]>} LoaderColumn */

/**
 * One instance of a source.
 *
 * @param {Visit} visit
 */
export async function showSource({ path: [service = '', instance = ''], signal }) {
  const host = h('div', {})
  const { note } = await keepFresh({
    ...{ host, signal, draw },
    load: (until) =>
      call(instance === '' ? at`/api/sources/${service}` : at`/api/sources/${service}/${instance}`, { signal: until }),
  })
  return [
    heading(service, { lead: instance, back: { href: linkTo(['sources']), text: 'Sources' }, actions: [note] }),
    host,
  ]
}

/** @param {Source} source */
function draw({ since, address, problem, stats, upMs, records, projections }) {
  return [
    ...(problem ? [problemBox(problem, { title: 'It does not answer' })] : []),
    facts([
      ['Since', moment(since)],
      ['Up for', upMs === undefined ? undefined : spanText(upMs)],
      ['Answers at', h('code', {}, address)],
    ]),
    ...(stats ? [figures(stats)] : []),
    section('Record types', records.map(recordPart)),
    section(
      'Projections',
      h(
        'p',
        { class: 'hint' },
        'Distinct bodies that it makes: the same attributes of an event are encoded once for all queues that want them.',
      ),
      projections.length === 0
        ? empty('It makes none', 'Nobody subscribed to its records.')
        : table('Projections', projectionColumns, projections),
    ),
    ...(stats && stats.loaders.length > 0
      ? [
          section(
            'Loaders',
            table('Loaders', loaderColumns, stats.loaders, ({ name }) => name),
          ),
        ]
      : []),
  ]
}

/** @param {NonNullable<Source['stats']>} stats */
function figures(stats) {
  const { emitted, unwanted, published, publishRetries, failed, projectionBytes, inFlight, setAside } = stats
  return tiles([
    { name: 'Emitted', value: countText(emitted), hint: `${countText(unwanted)} that nobody wanted` },
    { name: 'Published', value: countText(published), hint: bytesText(projectionBytes) },
    { name: 'Failed', value: countText(failed), bad: failed > 0, hint: `${countText(publishRetries)} tried again` },
    { name: 'Unconfirmed', value: countText(inFlight) },
    { name: 'Set aside', value: countText(setAside), bad: setAside > 0, hint: 'announcements it cannot read' },
  ])
}

/** @param {Source['records'][number]} record */
function recordPart({ name, schema, links, sensitive, events, open }) {
  return h(
    'article',
    { class: 'card' },
    h('h3', {}, h('a', { href: linkTo(['attributes', name]) }, name)),
    facts([
      ['Events', `${events.join(', ')}${open ? ' and any other kind' : ''}`],
      [
        'Links',
        links.map(({ name: link, target }) => (target === undefined ? link : `${link} → ${target}`)).join(', '),
      ],
      ['Sensitive', sensitive.join(', ')],
    ]),
    schema === undefined
      ? h('p', { class: 'hint' }, 'It announced no JSON Schema.')
      : h(
          'details',
          { class: 'fold', 'data-key': `schema ${name}` },
          h('summary', {}, 'JSON Schema'),
          jsonBlock(schema, `JSON Schema of ${name}`),
        ),
  )
}

/** @type {ProjectionColumn[]} */
const projectionColumns = [
  { head: 'Event', cell: ({ event }) => event, sort: ({ event }) => event },
  { head: 'Attributes', cell: ({ attributes }) => attributes.map((each) => h('code', { class: 'chip' }, each)) },
  {
    head: 'Queues',
    cell: ({ queues }) => queues.map((queue) => h('a', { class: 'chip', href: linkTo(['listeners', queue]) }, queue)),
    sort: ({ queues }) => queues.length,
  },
]

/** @type {LoaderColumn[]} */
const loaderColumns = [
  { head: 'Loader', cell: ({ name }) => name, sort: ({ name }) => name },
  { head: 'Calls', cell: ({ calls }) => countText(calls), sort: ({ calls }) => calls, number: true },
  { head: 'Keys', cell: ({ keys }) => countText(keys), sort: ({ keys }) => keys, number: true },
  {
    head: 'From the cache',
    cell: ({ cacheHits }) => countText(cacheHits),
    sort: ({ cacheHits }) => cacheHits,
    number: true,
  },
  { head: 'Failures', cell: ({ failures }) => countText(failures), sort: ({ failures }) => failures, number: true },
  {
    head: 'A call takes',
    cell: ({ calls, busyMs }) => (calls === 0 ? '–' : `${(busyMs / calls).toFixed(1)} ms`),
    number: true,
  },
]
