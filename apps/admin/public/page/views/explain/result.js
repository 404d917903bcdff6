// @ts-check
import { h } from '../../dom/element.js'
import { badge } from '../../parts/badge.js'
import { section } from '../../parts/heading.js'
import { moment } from '../../parts/moment.js'
import { countText } from '../../parts/numbers.js'
import { problemLine } from '../../parts/problem-box.js'
import { facts } from '../../parts/tiles.js'
import { linkTo } from '../../route.js'
import { answerPart } from './answer.js'
import { toWords } from './words.js'

/** @typedef {import('@recordcast/operator/shapes').Shape<'explain'>} Explained */

/**
 * @param {Explained} told
 * @returns {Node[]}
 */
export function explanation({ listener, fate, because, answers, queue, parked, unknown }) {
  return [
    h(
      'section',
      { class: 'answer', 'aria-label': 'The answer' },
      h('p', { class: 'verdict' }, badge(toWords(fate))),
      h(
        'ul',
        {},
        because.map((sentence) => h('li', {}, sentence)),
      ),
    ),
    ...(parked
      ? [
          section(
            'Parked',
            facts([
              ['Message', h('a', { href: linkTo(['listeners', listener, 'parked', parked.id]) }, parked.id)],
              ['Error', problemLine(parked)],
              ['Attempts', countText(parked.attempts)],
              ['Since', moment(parked.parkedAt)],
            ]),
          ),
        ]
      : []),
    ...answers.map((each) => answerPart(each)),
    section(
      'The queue now',
      facts([
        ['Listener', h('a', { href: linkTo(['listeners', listener]) }, listener)],
        ['Ready', queue.depth && countText(queue.depth.ready)],
        ['In flight', queue.depth && countText(queue.depth.unsettled)],
        ['Parked', queue.depth && countText(queue.depth.parked)],
        ['Attended', queue.depth && (queue.depth.attended ? 'yes' : 'no')],
        ['Paused', queue.paused ? 'yes' : 'no'],
        ['Not told', queue.problem && problemLine(queue.problem)],
      ]),
    ),
    ...(unknown.length > 0
      ? [
          section(
            'What could not be told',
            h(
              'ul',
              { class: 'lines' },
              unknown.map(({ what, why }) => h('li', {}, `${what}: ${why}`)),
            ),
          ),
        ]
      : []),
  ]
}
