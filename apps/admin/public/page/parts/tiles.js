// @ts-check
import { h } from '../dom/element.js'

/** @typedef {import('../dom/element.js').Child} Child */

/**
 * A row of figures with their names.
 *
 * @param {readonly { name: string, value: Child, bad?: boolean, hint?: string }[]} tiles
 */
export function tiles(tiles) {
  return h(
    'dl',
    { class: 'tiles' },
    tiles.map(({ name, value, bad, hint }) =>
      h(
        'div',
        { class: bad ? 'tile bad' : 'tile' },
        h('dt', {}, name),
        h('dd', {}, bad && '▲ ', value),
        hint !== undefined && h('dd', { class: 'hint' }, hint),
      ),
    ),
  )
}

/**
 * Names and values, one a line. What is undefined is left out.
 *
 * @param {readonly (readonly [string, Child])[]} pairs
 */
export function facts(pairs) {
  const given = pairs.filter(([, value]) => value !== undefined && value !== null && value !== '')
  return h(
    'dl',
    { class: 'facts' },
    given.map(([name, value]) => h('div', {}, h('dt', {}, name), h('dd', {}, value))),
  )
}
