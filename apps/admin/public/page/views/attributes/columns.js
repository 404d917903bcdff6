// @ts-check
import { h } from '../../dom/element.js'
import { countText } from '../../parts/numbers.js'
import { linkTo } from '../../route.js'
import { readersOf } from './readers.js'

/** @typedef {import('@recordcast/operator/shapes').Shape<'attributes'>['attributes'][number]} Attribute */
/** @typedef {Attribute['readers'][number]} Reader */

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
    {
      head: 'Readers',
      cell: ({ path, readers }) => readersOf(record, path, readers),
      sort: ({ readers }) => readers.length,
    },
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
