// @ts-check
import { at, call } from '../../api/call.js'
import { problemOf } from '../../api/problem.js'
import { announce } from '../../dom/announce.js'
import { h } from '../../dom/element.js'
import { attempt } from '../../parts/attempt.js'
import { confirmByName } from '../../parts/confirm-by-name.js'
import { openDialog } from '../../parts/dialog.js'
import { plural } from '../../parts/numbers.js'
import { problemBox } from '../../parts/problem-box.js'
import { linkTo } from '../../route.js'

/**
 * Withdraws a listener that is no more, after it was said what goes with it.
 *
 * @param {string} queue
 */
export async function withdrawListener(queue) {
  const body = h('div', { 'aria-live': 'polite' }, h('p', {}, 'Looking what would go …'))
  const trouble = h('div', {})
  const { close, signal } = openDialog(`Withdraw ${queue}?`, [body, trouble])
  const send = (/** @type {object} */ more) =>
    call(at`/api/listeners/${queue}`, { method: 'DELETE', body: more, signal })

  const go = (/** @type {HTMLButtonElement} */ button) =>
    attempt(button, trouble, async () => {
      await send({ confirm: queue })
      close()
      announce(`${queue} was withdrawn`)
      location.hash = linkTo(['listeners'])
    })
  try {
    const { facts, messages } = await send({ dryRun: true })
    const waiting = messages === undefined ? 0 : messages.ready + messages.unsettled
    body.replaceChildren(
      h('p', {}, 'Its announcement goes first, then its queue with everything in it:'),
      h(
        'ul',
        {},
        h('li', {}, plural(facts, 'announcement')),
        messages === undefined
          ? h('li', {}, 'no queue: it is gone already')
          : [
              h('li', {}, `${plural(waiting, 'message')} that nobody has handled`),
              h('li', {}, `${plural(messages.parked, 'parked message')}`),
            ],
      ),
      messages?.attended
        ? h('p', {}, 'An instance consumes it. Stop all instances first: one that runs puts its announcement back.')
        : '',
      confirmByName({ name: queue, doing: 'Withdraw', go, cancel: close }),
    )
  } catch (error) {
    if (!signal.aborted) body.replaceChildren(problemBox(problemOf(error)))
  }
}
