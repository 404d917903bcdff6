// @ts-check
import { at, call } from '../../api/call.js'
import { problemOf } from '../../api/problem.js'
import { announce } from '../../dom/announce.js'
import { h } from '../../dom/element.js'
import { attempt } from '../../parts/attempt.js'
import { confirmByName } from '../../parts/confirm-by-name.js'
import { openDialog } from '../../parts/dialog.js'
import { countText, plural } from '../../parts/numbers.js'
import { problemBox } from '../../parts/problem-box.js'
import { followReplay } from './follow.js'
import { paceForm } from './pace.js'
import { reportOf } from './report.js'

/** @typedef {import('@recordcast/operator/shapes').Shape<'replay'>} Report */
/** @typedef {{ ids: string[] } | { code: string } | { all: boolean }} Which */

/**
 * Replays or drops parked messages: first it is said how many that would be, then it is done, and the dialog tells how far it is.
 *
 * @param {object} options
 * @param {string} options.queue
 * @param {Report['action']} options.action
 * @param {Which} options.which
 * @param {string} options.what in words
 * @param {() => Promise<void>} options.done once something was done
 */
export async function actOnParked({ queue, action, which, what, done }) {
  const verb = action === 'replay' ? 'Replay' : 'Drop'
  const body = h('div', { role: 'status' }, h('p', {}, 'Looking how many that are …'))
  const trouble = h('div', {})
  const { close, closed, signal } = openDialog(`${verb} ${what}?`, [body, trouble])
  const path = action === 'replay' ? at`/api/listeners/${queue}/replay` : at`/api/listeners/${queue}/drop`
  let isDone = false

  const run = (/** @type {HTMLButtonElement} */ button, /** @type {object} */ more) =>
    attempt(button, trouble, async () => {
      const begun = await call(path, { method: 'POST', body: { which, ...more }, signal })
      isDone = true
      const report = begun.finished ? begun : await followReplay(begun, body, signal)
      body.replaceChildren(
        ...reportOf(report),
        h('div', { class: 'actions end' }, h('button', { type: 'button', onclick: close }, 'Close')),
      )
      announce(action === 'replay' ? `${countText(report.replayed)} replayed` : `${countText(report.dropped)} dropped`)
      focusLast(body)
    })
  try {
    /** @type {Report} */
    const { selected, looked } = await call(path, { method: 'POST', body: { which, dryRun: true }, signal })
    body.replaceChildren(
      h(
        'p',
        {},
        h('strong', {}, plural(selected, 'message')),
        ` of ${plural(looked, 'parked message')} that ${looked === 1 ? 'was' : 'were'} looked at. `,
        action === 'replay'
          ? 'They go back into the queue and off the shelf; nothing was done yet.'
          : 'They are gone then; nothing was done yet.',
      ),
      ...(selected === 0
        ? [h('div', { class: 'actions end' }, h('button', { type: 'button', onclick: close }, 'Close'))]
        : action === 'replay'
          ? [paceForm(`Replay ${countText(selected)}`, (button, perSecond) => run(button, { perSecond }), close)]
          : [
              confirmByName({
                name: queue,
                doing: `Drop ${countText(selected)}`,
                go: (button) => void run(button, { confirm: queue }),
                cancel: close,
              }),
            ]),
    )
  } catch (error) {
    if (!signal.aborted) body.replaceChildren(problemBox(problemOf(error)))
  }
  await closed
  if (isDone) await done()
}

/** @param {Element} body */
function focusLast(body) {
  const last = [...body.querySelectorAll('button')].at(-1)
  last?.focus()
}
