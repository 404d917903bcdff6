// @ts-check
import { h } from '../../dom/element.js'
import { badge, verdictBadge } from '../../parts/badge.js'
import { jsonText } from '../../parts/json-block.js'
import { table } from '../../parts/table.js'

/** @typedef {NonNullable<NonNullable<import('@recordcast/operator/shapes').Shape<'explain'>['answers'][number]['answer']>['filter']>['leaves'][number]} Leaf */

/** @type {import('../../parts/table.js').Column<Leaf>[]} */
const columns = [
  {
    head: 'Field',
    cell: ({ path, branch }) => [
      h('code', {}, path.join('.')),
      branch !== undefined && h('span', { class: 'beside' }, ` of the alternative ${branch}`),
    ],
  },
  { head: 'Wanted', cell: ({ wanted }) => between(wanted.map(jsonText), 'or') },
  {
    head: 'Found',
    cell: ({ found, unknown, replaced }) => [
      ...(unknown
        ? ['it could not be loaded']
        : found.length === 0
          ? ['nothing']
          : between(found.map(jsonText), 'and')),
      replaced && h('span', { class: 'beside' }, ' not looked at: a later one of the same field stands instead'),
    ],
  },
  {
    head: 'Held',
    cell: ({ held, unknown }) => (unknown ? badge({ kind: 'quiet', sign: '?', text: 'perhaps' }) : verdictBadge(held)),
  },
]

/** @param {readonly Leaf[]} leaves */
export function leavesTable(leaves) {
  return table('The filter, leaf by leaf', columns, leaves, ({ pointer }, index) => `${pointer} ${index}`)
}

/**
 * @param {readonly Node[]} nodes
 * @param {string} word
 * @returns {(Node | string)[]}
 */
function between(nodes, word) {
  return nodes.flatMap((node, index) => (index === 0 ? [node] : [` ${word} `, node]))
}
