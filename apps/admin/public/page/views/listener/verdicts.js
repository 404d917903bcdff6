// @ts-check
import { h } from '../../dom/element.js'
import { badge } from '../../parts/badge.js'
import { empty } from '../../parts/empty.js'
import { problemLine } from '../../parts/problem-box.js'
import { table } from '../../parts/table.js'
import { linkTo } from '../../route.js'

/** @typedef {import('@recordcast/operator/shapes').Shape<'listener'>['sets'][number]['verdicts']} Verdicts */
/** @typedef {NonNullable<Verdicts[number]['verdicts']>[number]} Verdict */

/**
 * @param {Verdicts} verdicts
 */
export function verdictsTable(verdicts) {
  if (verdicts.length === 0) return empty('No source is on the bus', 'The subscriptions wait on the board for one.')
  return table(
    'Verdicts',
    [
      {
        head: 'Source',
        cell: ({ service, instance }) => [
          h('a', { href: linkTo(['sources', service, instance]) }, service),
          h('span', { class: 'beside' }, ` ${instance}`),
        ],
        sort: ({ service }) => service,
      },
      { head: 'Verdict', cell: (each) => verdictsOf(each) },
    ],
    verdicts,
    ({ service, instance }) => `${service} ${instance}`,
  )
}

/** @param {Verdicts[number]} told */
function verdictsOf({ verdicts, problem }) {
  if (problem !== undefined) return [problemLine(problem)]
  if (verdicts === undefined) return ['–']
  return [h('ul', { class: 'lines' }, verdicts.map(verdictLine))]
}

/** @param {Verdict} told */
function verdictLine({ event, verdict, reasons }) {
  const state = /** @type {const} */ ({
    accepted: { kind: 'good', sign: '✓', text: 'accepted' },
    refused: { kind: 'bad', sign: '✕', text: 'refused' },
    'not-mine': { kind: 'quiet', sign: '–', text: 'does not own the record' },
  })[verdict]
  const why = verdict === 'refused' ? reasons : []
  return h(
    'li',
    {},
    event,
    ' ',
    badge(state),
    why.map((reason) => h('p', {}, problemLine(reason), nearestOf(reason))),
  )
}

/** @param {Verdict['reasons'][number]} reason */
function nearestOf({ nearest = [] }) {
  return nearest.length > 0 && ` There are: ${nearest.join(', ')}`
}
