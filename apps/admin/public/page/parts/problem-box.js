// @ts-check
import { h } from '../dom/element.js'

/** @typedef {import('../api/problem.js').Problem} Problem */

/** What a code means for who sees it here, where the sentence of the API does not say what to do. */
const advice = /** @type {Record<string, string>} */ ({
  forbidden:
    'A viewer sees the bus but no payloads, and changes nothing. Give an operator’s token, above on the right.',
  unauthorised: 'Give a token, above on the right.',
  unreachable: 'Start it again, then refresh.',
  'rate-limited': 'Wait a moment, then try again.',
  'replay-running': 'Wait until it has ended, or stop it.',
})

/**
 * What went wrong: its code, what was found and what would be right.
 *
 * @param {Problem} problem
 * @param {{ retry?: () => void, title?: string }} [options]
 */
export function problemBox(problem, { retry, title = 'That did not work' } = {}) {
  const { code, message, found, expected, nearest } = problem
  return h(
    'section',
    { class: 'problem', role: 'alert' },
    h('h2', {}, sign(), ' ', title, ' ', h('code', {}, code)),
    h('p', {}, sentence(message)),
    found !== undefined && h('p', {}, 'Found: ', h('code', {}, found)),
    expected !== undefined && h('p', {}, 'Right would be: ', expected),
    nearest !== undefined &&
      nearest.length > 0 &&
      h(
        'p',
        {},
        'There are: ',
        nearest.flatMap((name) => [h('code', {}, name), ' ']),
      ),
    Object.hasOwn(advice, code) && h('p', {}, advice[code]),
    retry && h('p', {}, h('button', { type: 'button', onclick: retry }, 'Try again')),
  )
}

/**
 * The same in a line, beside what could be told.
 *
 * @param {Problem} problem
 * @param {string} [about]
 */
export function problemLine({ code, message }, about) {
  return h(
    'span',
    { class: 'problem-line' },
    sign(),
    ' ',
    about !== undefined && `${about} `,
    h('code', {}, code),
    ' ',
    message,
  )
}

function sign() {
  return h('span', { class: 'sign', 'aria-hidden': true }, '▲')
}

/** @param {string} text */
function sentence(text) {
  return /[.!?]$/.test(text) ? text : `${text}.`
}
