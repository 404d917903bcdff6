// @ts-check
import { h } from '../../dom/element.js'
import { moment } from '../../parts/moment.js'
import { countText } from '../../parts/numbers.js'
import { table } from '../../parts/table.js'
import { actOnParked } from './act.js'

/** @typedef {import('@recordcast/operator/shapes').Shape<'parked'>['groups'][number]} Group */
/** @typedef {{ code: string | undefined, narrow: (code: string | undefined) => Promise<void>, done: () => Promise<void> }} Options */

/**
 * Parked messages by error.
 *
 * @param {string} queue
 * @param {readonly Group[]} groups
 * @param {Options} options
 */
export function groupsTable(queue, groups, { code: chosen, narrow, done }) {
  const act = (/** @type {Group} */ { code }, /** @type {'replay' | 'drop'} */ action) =>
    actOnParked({ queue, action, which: { code }, what: `those of ${code}`, done })
  return table(
    'Parked messages by error',
    /** @type {import('../../parts/table.js').Column<Group>[]} */ ([
      { head: 'Error', cell: ({ code }) => h('code', {}, code), sort: ({ code }) => code },
      { head: 'Messages', cell: ({ count }) => countText(count), sort: ({ count }) => count, number: true },
      { head: 'Event types', cell: ({ types }) => types.join(', ') },
      { head: 'Oldest', cell: ({ oldest }) => moment(oldest), sort: ({ oldest }) => oldest },
      { head: 'Newest', cell: ({ newest }) => moment(newest), sort: ({ newest }) => newest },
      {
        head: 'Do',
        cell: (group) =>
          h(
            'div',
            { class: 'actions small' },
            h(
              'button',
              {
                type: 'button',
                'aria-pressed': chosen === group.code,
                onclick: () => void narrow(chosen === group.code ? undefined : group.code),
              },
              'Only these',
            ),
            h(
              'button',
              { type: 'button', 'aria-label': `Replay those of ${group.code}`, onclick: () => act(group, 'replay') },
              'Replay …',
            ),
            h(
              'button',
              { type: 'button', 'aria-label': `Drop those of ${group.code}`, onclick: () => act(group, 'drop') },
              'Drop …',
            ),
          ),
      },
    ]),
    groups,
    ({ code }) => code,
  )
}
