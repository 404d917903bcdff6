// @ts-check
import { h, svg } from '../dom/element.js'
import { drawArrows } from './arrows.js'
import { layOut } from './lay-out.js'
import { lightUp } from './light-up.js'
import { drawListener, drawSource } from './nodes.js'
import { walkNodes } from './walk-nodes.js'

/** @typedef {import('./lay-out.js').Bus} Bus */

/**
 * The bus as a picture. Its nodes are links; one of them is in the order of the Tab key, arrow keys go to the others.
 *
 * @param {Bus} bus
 * @param {number} width pixels
 * @param {string} describedBy the id of what explains the picture
 */
export function drawPicture(bus, width, describedBy) {
  const layout = layOut(bus, width)
  const { sources, listeners, height, isDense } = layout
  const picture = svg(
    'svg',
    {
      ...{ class: 'picture', width, height: height + 2, viewBox: `0 -1 ${width} ${height + 2}` },
      ...{ role: 'group', 'aria-label': 'The bus', 'aria-describedby': describedBy },
    },
    svg('g', { class: 'arrows' }, drawArrows(bus, layout)),
    svg(
      'g',
      { class: 'nodes' },
      sources.map(drawSource),
      listeners.map((listener) => drawListener(listener, isDense)),
    ),
  )
  // Chromium takes an SVG that listens for the focus for one that wants it: the frame listens.
  const frame = h('div', {}, picture)
  lightUp(frame, picture)
  walkNodes(frame)
  return frame
}
