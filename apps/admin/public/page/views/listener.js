// @ts-check
import { at, call } from '../api/call.js'
import { keepFresh } from '../api/keep-fresh.js'
import { h } from '../dom/element.js'
import { badge } from '../parts/badge.js'
import { heading } from '../parts/heading.js'
import { statesOf } from '../parts/listener-state.js'
import { moment } from '../parts/moment.js'
import { countText } from '../parts/numbers.js'
import { problemBox } from '../parts/problem-box.js'
import { facts, tiles } from '../parts/tiles.js'
import { linkTo } from '../route.js'
import { listenerActions } from './listener/actions.js'
import { countsPart } from './listener/counts.js'
import { parkedPart } from './listener/parked.js'
import { setPart } from './listener/set.js'

/** @typedef {import('../main.js').Visit} Visit */
/** @typedef {import('@recordcast/operator/shapes').Shape<'listener'>} Listener */

/**
 * One listener: its queue, its parked messages, what it asked for and what sources say of it.
 *
 * @param {Visit} visit
 */
export async function showListener({ path: [queue = ''], signal }) {
  const top = h('div', {})
  const rest = h('div', {})
  const buttons = h('div', { class: 'actions' })
  const trouble = h('div', {})
  /** @type {Listener | undefined} */
  let told
  const { note, refresh } = await keepFresh({
    ...{ host: top, signal },
    load: (until) => call(at`/api/listeners/${queue}`, { signal: until }),
    draw: (/** @type {Listener} */ listener) => {
      told = listener
      buttons.replaceChildren(...listenerActions(listener, trouble, () => all()))
      rest.replaceChildren(...below(listener))
      return above(listener)
    },
  })
  const parked = parkedPart(queue, signal, () => void refresh())
  const all = async () => void (await Promise.all([refresh(), parked.refresh()]))
  const title = told?.listener ?? queue
  return [
    heading(title, { back: { href: linkTo(['listeners']), text: 'Listeners' }, actions: [note] }),
    buttons,
    trouble,
    top,
    parked.element,
    rest,
  ]
}

/** @param {Listener} listener */
function above(listener) {
  const { queue, service, delivery, since, depth, missing, problem, paused, sets } = listener
  const wait = 'waiting, or put back to be tried again'
  return [
    h('div', { class: 'badges' }, statesOf(listener).map(badge)),
    ...(missing
      ? [
          problemBox(
            {
              code: 'queue-gone',
              message:
                'The queue is not there. An instance that runs puts it back; if none does, withdraw the listener',
            },
            { title: 'No queue' },
          ),
        ]
      : []),
    ...(problem ? [problemBox(problem, { title: 'The broker did not tell of its queue' })] : []),
    ...(depth
      ? [
          tiles([
            { name: 'Ready', value: countText(depth.ready), hint: wait },
            { name: 'In flight', value: countText(depth.unsettled), hint: 'being handled' },
            { name: 'Parked', value: countText(depth.parked), bad: depth.parked > 0, hint: 'wait for an operator' },
            {
              name: 'Attended',
              value: depth.attended ? 'yes' : 'no',
              hint: depth.attended ? 'an instance consumes it' : 'nobody consumes it',
            },
          ]),
        ]
      : []),
    facts([
      ['Queue', h('code', {}, queue)],
      ['Service', service],
      ['Delivery', delivery === 'each' ? 'each instance gets every event' : 'instances share the events'],
      ['Subscribed', moment(since)],
      ['Sets', sets.length === 1 ? '1' : `${sets.length}: a deploy rolls, or instances differ`],
      ['Paused', paused && h('span', {}, moment(paused.since), paused.by !== undefined && ` by ${paused.by}`)],
    ]),
  ]
}

/** @param {Listener} listener */
function below({ queue, sets, counts }) {
  return [countsPart(queue, counts), ...sets.map((set) => setPart(set, sets.length > 1))]
}
