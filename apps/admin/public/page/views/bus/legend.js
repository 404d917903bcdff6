// @ts-check
import { h, svg } from '../../dom/element.js'

/** What the picture's signs mean, and how one walks in it. */
export function legend() {
  return h(
    'div',
    { class: 'legend' },
    h(
      'ul',
      {},
      sample('few', 3, ''),
      sample('many delivered', 8, ''),
      sample('none yet', 1.25, ' idle'),
      sample('▲ parked or broken', 3, ' bad'),
      word('● attended'),
      word('○ away'),
      word('‖ paused'),
    ),
    h(
      'p',
      { class: 'hint', id: 'picture-help' },
      'Each box is a link. With the keyboard: arrow keys go from box to box, Enter opens one.',
    ),
  )
}

/**
 * @param {string} text
 * @param {number} width
 * @param {string} kind
 */
function sample(text, width, kind) {
  const picture = svg(
    'svg',
    { class: 'picture sample', width: 30, height: 12, 'aria-hidden': 'true' },
    svg(
      'g',
      { class: `arrow${kind}` },
      svg('path', { class: 'shaft', d: 'M1 6H21', 'stroke-width': width }),
      svg('path', { class: 'head', d: 'M29 6L20 1V11Z' }),
    ),
  )
  return h('li', {}, picture, ' ', text)
}

/** @param {string} text */
function word(text) {
  return h('li', {}, text)
}
