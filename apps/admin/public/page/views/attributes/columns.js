// @ts-check
import { h } from '../../dom/element.js'
import { moment } from '../../parts/moment.js'
import { countText, plural } from '../../parts/numbers.js'
import { linkTo } from '../../route.js'

/** @typedef {import('@recordcast/operator/shapes').Shape<'attributes'>['attributes'][number]} Attribute */
/** @typedef {Attribute['readers'][number]} Reader */

const words = { payload: 'sent', filter: 'in a filter', compared: 'compared' }

/**
 * @param {string} record
 * @returns {import('../../parts/table.js').Column<Attribute>[]}
 */
export function attributeColumns(record) {
  const distinct = (/** @type {Attribute} */ { readers }, /** @type {Reader['as']} */ as) =>
    new Set(readers.filter((each) => each.as === as).map(({ queue }) => queue)).size
  return [
    {
      head: 'Attribute',
      sort: ({ path }) => path,
      cell: ({ path, of, sensitive, undeclared }) => [
        h('code', {}, path),
        of !== undefined && h('span', { class: 'beside' }, ` of ${of}`),
        sensitive && h('span', { class: 'flag' }, 'sensitive'),
        undeclared && h('span', { class: 'flag' }, 'not in the schema'),
      ],
    },
    {
      head: 'Type',
      cell: ({ types, link }) => [types.join(' or ') || '–', link && h('span', { class: 'beside' }, ' link')],
    },
    {
      head: 'Sent to',
      cell: (each) => countText(distinct(each, 'payload')),
      sort: (each) => distinct(each, 'payload'),
      number: true,
    },
    {
      head: 'Filtered by',
      cell: (each) => countText(distinct(each, 'filter')),
      sort: (each) => distinct(each, 'filter'),
      number: true,
    },
    { head: 'Readers', cell: ({ path, readers }) => readersOf(path, readers), sort: ({ readers }) => readers.length },
    {
      head: 'Without it',
      cell: ({ path, of }) =>
        of === undefined &&
        h(
          'a',
          {
            class: 'keep',
            href: linkTo(['impact', record], { remove: path }),
            'aria-label': `What breaks without ${path}`,
          },
          'what breaks?',
        ),
    },
  ]
}

/**
 * @param {string} path
 * @param {readonly Reader[]} readers
 */
function readersOf(path, readers) {
  if (readers.length === 0) return 'nobody'
  const names = new Set(readers.map(({ listener }) => listener))
  return h(
    'details',
    { 'data-key': `readers ${path}` },
    h('summary', {}, names.size <= 2 ? [...names].join(', ') : plural(names.size, 'listener')),
    h('ul', { class: 'lines' }, readers.map(readerLine)),
  )
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
