// @ts-check
import { at, call } from '../../api/call.js'
import { pause } from '../../api/pause.js'
import { h } from '../../dom/element.js'
import { attempt } from '../../parts/attempt.js'
import { countText } from '../../parts/numbers.js'

/** @typedef {import('@recordcast/operator/shapes').Shape<'replay'>} Report */

const everyMs = 1000

/**
 * Shows how far a long replay is, with a button that ends it, until it has ended. It goes on when the dialog is closed.
 *
 * @param {Report} begun
 * @param {Element} body
 * @param {AbortSignal} signal
 * @returns {Promise<Report>}
 */
export async function followReplay(begun, body, signal) {
  const path = at`/api/listeners/${begun.queue}/replay`
  const line = h('p', {})
  const trouble = h('div', {})
  const stop = h(
    'button',
    { type: 'button', onclick: () => attempt(stop, trouble, () => call(path, { method: 'DELETE', signal })) },
    'Stop after this one',
  )
  body.replaceChildren(
    h('progress', { 'aria-label': 'It goes on' }),
    line,
    h('div', { class: 'actions end' }, stop),
    trouble,
  )
  let report = begun
  while (!report.finished) {
    line.textContent = `${countText(report.selected)} taken, ${countText(report.looked)} looked at. It goes on if you close this.`
    await pause(everyMs, signal)
    report = await call(path, { signal })
  }
  return report
}
