// @ts-check
import { h } from '../../dom/element.js'
import { badge } from '../../parts/badge.js'
import { plural } from '../../parts/numbers.js'
import { problemLine } from '../../parts/problem-box.js'
import { linkTo } from '../../route.js'

/** @typedef {import('@recordcast/operator/shapes').Shape<'liveEvent'> | { type: 'lost', events: number }} LiveEvent */
/** @typedef {import('../../dom/element.js').Child} Child */

/**
 * @param {LiveEvent} event
 * @returns {HTMLElement}
 */
export function liveLine(event) {
  const at = 'at' in event ? event.at : event.type === 'decision' ? event.decision.time : new Date().toISOString()
  return h(
    'li',
    { class: 'live-line' },
    clock(at),
    h('span', { class: 'live-kind' }, event.type),
    h('span', { class: 'live-what' }, whatOf(event)),
  )
}

/** @param {string} iso */
function clock(iso) {
  const date = new Date(iso)
  const text = Number.isNaN(date.getTime()) ? iso : date.toLocaleTimeString('en-GB')
  return h('time', { datetime: iso, title: iso }, text)
}

/**
 * @param {LiveEvent} event
 * @returns {Child[]}
 */
function whatOf(event) {
  switch (event.type) {
    case 'listener':
    case 'pause':
    case 'source': {
      const where =
        event.type === 'source'
          ? linkTo(['sources'], { search: event.name })
          : linkTo(['listeners'], { search: event.name })
      return [h('a', { href: where }, event.name), ` ${wordOf(event)}`]
    }
    case 'silent':
      return [
        h('a', { href: linkTo(['sources', event.service, event.instance]) }, event.service),
        ' ',
        problemLine(event.problem, 'does not answer:'),
      ]
    case 'audit':
      return [`${event.by || 'somebody'}: ${event.action} ${event.target}`]
    case 'lost':
      return [`${plural(event.events, 'event')} lost: this page was too slow for them`]
    default:
      return decisionOf(event)
  }
}

/** @param {{ type: 'listener' | 'source' | 'pause', change: 'came' | 'changed' | 'went' }} event */
function wordOf({ type, change }) {
  if (type !== 'pause') return change
  return change === 'went' ? 'was resumed' : 'was paused'
}

/**
 * @param {Extract<LiveEvent, { type: 'decision' }>} event
 * @returns {Child[]}
 */
function decisionOf({ service, decision, sample }) {
  const { id, type, subject, tenant, outcomes, more } = decision
  return [
    h('strong', {}, type),
    ` ${subject}${tenant === undefined ? '' : ` of ${tenant}`} from ${service} `,
    h('code', {}, id),
    sample > 1 && ` one of ${sample}`,
    outcomes.length === 0
      ? ' nobody came into question'
      : h(
          'span',
          { class: 'outcomes' },
          outcomes.map(({ queue, outcome }) =>
            h(
              'a',
              {
                class: 'outcome',
                href: linkTo(['explain'], { listener: queue, event: id }),
                title: `Explain ${id} at ${queue}`,
              },
              queue,
              ' ',
              badge(stateOf(outcome)),
            ),
          ),
        ),
    more !== undefined && ` and ${plural(more, 'queue')} more`,
  ]
}

/**
 * @param {string} outcome
 * @returns {import('../../parts/badge.js').State}
 */
function stateOf(outcome) {
  if (outcome === 'delivered') return { kind: 'good', sign: '✓', text: 'delivered' }
  if (outcome === 'failed' || outcome === 'gone') return { kind: 'bad', sign: '▲', text: outcome }
  const text =
    { filter: 'held back by the filter', tenant: 'held back by the tenant', unchanged: 'held back, unchanged' }[
      outcome
    ] ?? outcome
  return { kind: 'quiet', sign: outcome === 'pending' ? '…' : '✕', text }
}
