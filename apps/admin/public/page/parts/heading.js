// @ts-check
import { h } from '../dom/element.js'

/** @typedef {import('../dom/element.js').Child} Child */

/**
 * The head of a view: its title, which takes the focus when one comes to it, a line of explanation, and what one can do.
 *
 * @param {string} title
 * @param {{ lead?: Child, back?: { href: string, text: string }, actions?: readonly Child[] }} [options]
 */
export function heading(title, { lead, back, actions = [] } = {}) {
  return h(
    'header',
    { class: 'heading' },
    back && h('p', { class: 'back' }, h('a', { href: back.href }, '← ', back.text)),
    h('div', { class: 'heading-row' }, h('h1', { tabindex: -1 }, title), h('div', { class: 'actions' }, actions)),
    lead && h('p', { class: 'lead' }, lead),
  )
}

/**
 * A part of a view with a title of its own.
 *
 * @param {string} title
 * @param {...(Child | readonly Child[])} children
 */
export function section(title, ...children) {
  return h('section', { class: 'part' }, h('h2', {}, title), ...children)
}
