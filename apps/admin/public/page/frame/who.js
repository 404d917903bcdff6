// @ts-check
import { call } from '../api/call.js'
import { forgetToken, keepToken, readToken } from '../api/token.js'
import { h } from '../dom/element.js'
import { openDialog } from '../parts/dialog.js'
import { labelled } from '../parts/fields.js'

const place = /** @type {HTMLElement} */ (document.getElementById('who'))

/** @type {Promise<boolean> | undefined} */
let asking
/** Whoever has said no is not asked by every refresh, but where he goes next. */
let isDeclined = false
addEventListener('hashchange', () => {
  isDeclined = false
})
let changed = () => undefined

/**
 * Asks for a token, once however many requests want one.
 *
 * @param {boolean} refused whether one was given and is none
 * @returns {Promise<boolean>} whether there is one now
 */
export async function askForToken(refused) {
  if (isDeclined) return false
  asking ??= ask(refused).finally(() => {
    asking = undefined
  })
  return asking
}

/** @param {boolean} refused */
async function ask(refused) {
  const input = h('input', { type: 'password', autocomplete: 'off', required: true, spellcheck: 'false' })
  let given = false
  const form = h(
    'form',
    {
      onsubmit: (/** @type {Event} */ event) => {
        event.preventDefault()
        keepToken(input.value.trim())
        given = true
        close()
      },
    },
    refused && h('p', { class: 'problem-line', role: 'alert' }, '▲ That token is not known here.'),
    labelled(
      'Token',
      input,
      'Whoever runs this admin gives it out. It is kept in this tab until you close it, and goes nowhere but to this admin.',
    ),
    h(
      'div',
      { class: 'actions end' },
      h('button', { type: 'button', onclick: () => close() }, 'Cancel'),
      h('button', { type: 'submit', class: 'primary' }, 'Use it'),
    ),
  )
  const { close, closed } = openDialog('A token is wanted', [form])
  input.focus()
  await closed
  isDeclined = !given
  if (given) void tell()
  return given
}

/**
 * Shows who one is for the API, and lets one become somebody else.
 *
 * @param {() => void} onChange
 */
export function showWho(onChange) {
  changed = () => void onChange()
  void tell()
}

async function tell() {
  const me = await call('/api/me').catch(() => undefined)
  const token = readToken()
  place.replaceChildren(
    h('span', { class: 'who-name' }, me === undefined ? 'nobody' : `${me.by} · ${me.role}`),
    ...(me !== undefined && token === null
      ? []
      : [
          h(
            'button',
            { type: 'button', class: 'plain', onclick: become },
            token === null ? 'Give a token' : 'Another token',
          ),
        ]),
    ...(token === null ? [] : [h('button', { type: 'button', class: 'plain', onclick: leave }, 'Forget it')]),
  )
}

async function become() {
  isDeclined = false
  if (await askForToken(false)) changed()
}

async function leave() {
  forgetToken()
  isDeclined = false
  place.replaceChildren(h('span', { class: 'who-name' }, 'nobody'))
  changed()
}
