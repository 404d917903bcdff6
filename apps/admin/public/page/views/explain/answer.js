// @ts-check
import { h } from '../../dom/element.js'
import { badge, verdictBadge } from '../../parts/badge.js'
import { section } from '../../parts/heading.js'
import { problemLine } from '../../parts/problem-box.js'
import { table } from '../../parts/table.js'
import { facts } from '../../parts/tiles.js'
import { leavesTable } from './leaves.js'

/** @typedef {import('@recordcast/operator/shapes').Shape<'explain'>['answers'][number]} Told */
/** @typedef {NonNullable<Told['answer']>} Answer */

/**
 * What one source instance says, for one subscription set.
 *
 * @param {Told} told
 */
export function answerPart({ service, instance, set, answer, problem }) {
  const title = `What ${service} says`
  const lead = h('p', { class: 'hint' }, `${instance}, about set ${set}`)
  if (problem !== undefined) return section(title, lead, h('p', {}, problemLine(problem)))
  if (answer === undefined) return section(title, lead)
  const { remembered, event, verdict, reasons, tenant, filter, changed, attributes, outcome } = answer
  return section(
    title,
    lead,
    facts([
      ['Event', event && h('span', {}, h('code', {}, event.id), ` ${event.type} ${event.subject}`)],
      ['Remembers it', remembered ? 'yes' : 'no: it keeps its latest events only'],
      ['Subscription', subscriptionOf(verdict)],
      ['Tenant', tenant && tenantOf(tenant)],
      ['Changed', changed && changedOf(changed)],
      ['Outcome', outcome && outcomeOf(outcome)],
    ]),
    reasons.length > 0 &&
      h(
        'ul',
        { class: 'lines' },
        reasons.map((reason) => h('li', {}, problemLine(reason))),
      ),
    filter && [
      h('h3', {}, 'The filter, leaf by leaf ', verdictBadge(filter.held)),
      filter.onlyInDifferentElements && h('p', {}, 'Each condition holds, but not in the same element of the list.'),
      leavesTable(filter.leaves),
    ],
    attributes && attributes.length > 0 && [h('h3', {}, 'Where its attributes came from'), attributesTable(attributes)],
  )
}

/** @param {Answer['verdict']} verdict */
function subscriptionOf(verdict) {
  const quiet = (/** @type {string} */ text) => badge({ kind: 'quiet', sign: '–', text })
  switch (verdict) {
    case 'accepted':
      return verdictBadge(true, 'accepted')
    case 'refused':
      return verdictBadge(false, '', 'refused')
    case 'not-mine':
      return quiet('of a record that it does not own')
    case 'none':
      return quiet('none to this type of event')
    default:
      return quiet('not taken in yet')
  }
}

/** @param {NonNullable<Answer['tenant']>} tenant */
function tenantOf({ wanted, found, held }) {
  return h(
    'span',
    {},
    verdictBadge(held),
    ` wanted ${wanted === 'all' ? 'all' : wanted.join(', ')}, found ${found ?? 'none'}`,
  )
}

/** @param {NonNullable<Answer['changed']>} changed */
function changedOf({ held, compared, differing }) {
  return h(
    'span',
    {},
    verdictBadge(held),
    ` compared ${compared.join(', ')}; ${differing.length === 0 ? 'none differs' : `different: ${differing.join(', ')}`}`,
  )
}

/** @param {NonNullable<Answer['outcome']>} outcome */
function outcomeOf({ outcome, ms, problem }) {
  const words = {
    delivered: 'confirmed by the broker',
    filter: 'held back by the filter',
    tenant: 'held back by the tenant',
    unchanged: 'held back: nothing selected changed',
    gone: 'the queue was not there',
    failed: 'not confirmed',
    pending: 'not decided yet',
  }
  return h(
    'span',
    {},
    words[outcome],
    ms !== undefined && `, ${Math.round(ms)} ms after the emit`,
    problem && [' ', problemLine(problem)],
  )
}

/** @param {NonNullable<Answer['attributes']>} attributes */
function attributesTable(attributes) {
  const words = {
    fact: 'the emitted facts',
    loaded: 'a loader, called',
    cached: 'a cache',
    failed: 'it could not be had',
  }
  return table(
    'Attributes',
    [
      { head: 'Attribute', cell: ({ path }) => h('code', {}, path), sort: ({ path }) => path },
      {
        head: 'From',
        cell: ({ from, problem }) =>
          [
            from === 'failed' ? badge({ kind: 'bad', sign: '▲', text: words.failed }) : words[from],
            problem && [' ', problemLine(problem)],
          ].flat(),
      },
    ],
    attributes,
    ({ path }) => path,
  )
}
