// @ts-check
import { h } from '../../dom/element.js'
import { section } from '../../parts/heading.js'
import { moment } from '../../parts/moment.js'
import { countText, spanText } from '../../parts/numbers.js'
import { problemLine } from '../../parts/problem-box.js'
import { subscriptionColumns } from '../../parts/subscription-columns.js'
import { table } from '../../parts/table.js'
import { facts, tiles } from '../../parts/tiles.js'
import { verdictsTable } from './verdicts.js'

/** @typedef {import('@recordcast/operator/shapes').Shape<'listener'>['sets'][number]} Set */

/**
 * One subscription set of a listener: what it asks for, how an instance that holds it is, what sources say.
 *
 * @param {Set} set
 * @param {boolean} isOneOfMany
 */
export function setPart({ set, generation, since, address, subscriptions, instance, problem, verdicts }, isOneOfMany) {
  return section(
    isOneOfMany ? `Subscriptions of generation ${generation}` : 'Subscriptions',
    facts([
      ['Generation', `${generation}, set ${set}`],
      ['Announced', moment(since)],
      ['Answers at', h('code', {}, address)],
    ]),
    table('Subscriptions', subscriptionColumns, subscriptions, ({ event }) => event),
    h('h3', {}, 'An instance of it'),
    problem && h('p', {}, problemLine(problem, 'No instance answers:')),
    instance && instancePart(instance),
    h('h3', {}, 'What sources say of it'),
    verdictsTable(verdicts),
  )
}

/** @param {NonNullable<Set['instance']>} instance */
function instancePart({ instance, upMs, stats }) {
  return h(
    'div',
    {},
    facts([
      ['Instance', instance],
      ['Up for', spanText(upMs)],
    ]),
    stats &&
      tiles([
        { name: 'Received', value: countText(stats.received), hint: `${countText(stats.duplicates)} twice` },
        {
          name: 'Handled',
          value: countText(stats.handled),
          hint: stats.handled > 0 ? `${(stats.handlerMs / stats.handled).toFixed(1)} ms each` : undefined,
        },
        { name: 'Failed attempts', value: countText(stats.failed), hint: `${countText(stats.retried)} tried again` },
        { name: 'Parked', value: countText(stats.parked), bad: stats.parked > 0 },
        { name: 'Running now', value: countText(stats.running), hint: `${countText(stats.waiting)} wait their turn` },
      ]),
    stats &&
      stats.refusals.length > 0 &&
      h(
        'ul',
        { class: 'lines' },
        stats.refusals.flatMap(({ service, reasons }) =>
          reasons.map((reason) => h('li', {}, problemLine(reason, `${service} refuses:`))),
        ),
      ),
  )
}
