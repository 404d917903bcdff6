// @ts-check
import { svg } from '../dom/element.js'
import { isInTrouble, statesOf } from '../parts/listener-state.js'
import { countText, plural, shortCount } from '../parts/numbers.js'
import { linkTo } from '../route.js'
import { fit } from './measure.js'

/** @typedef {import('./lay-out.js').Layout} Layout */
/** @typedef {import('./lay-out.js').PlacedListener} PlacedListener */
/** @typedef {import('./lay-out.js').PlacedSource} PlacedSource */
/** @typedef {import('./lay-out.js').Box} Box */

const family = 'system-ui, sans-serif'
const nameFont = `600 13px ${family}`
const moreFont = `12px ${family}`

const roomy = 140

/**
 * @param {PlacedSource['source']} source
 * @param {(count: number) => string} text
 */
function stateOf(source, text) {
  if (source === undefined) return 'gone'
  const { silent, instances, failed, emitted } = source
  if (silent > 0) return `${silent} of ${instances} silent`
  return failed > 0 ? `${text(failed)} failed` : `${text(emitted)} emitted`
}

/** @param {PlacedSource} placed */
export function drawSource({ box, source, name }) {
  const isBad = source === undefined || source.silent > 0 || source.failed > 0
  const more = stateOf(source, box.width < roomy ? shortCount : countText)
  const about =
    source === undefined ? '' : `, ${plural(source.instances, 'instance')}, records ${source.records.join(', ')}`
  const label = `${name} ${more}, source${about}`
  return svg(
    'a',
    {
      class: `node source${isBad ? ' bad' : ''}`,
      href: linkTo(['sources'], { search: name }),
      'data-key': `s ${name}`,
      'data-source': name,
    },
    frame(box),
    twoLines(box, name, isBad ? `▲ ${more}` : more),
    svg('title', {}, label),
  )
}

/**
 * @param {PlacedListener} placed
 * @param {boolean} isDense
 */
export function drawListener({ box, listener }, isDense) {
  const { queue, listener: name, depth } = listener
  const states = statesOf({ ...listener, paused: listener.paused || undefined })
  const isBad = isInTrouble(listener)
  const [first] = states
  const waiting =
    depth === undefined ? '' : `, ${countText(depth.ready)} ready, ${countText(depth.unsettled)} in flight`
  const label = `${name} ${states.map(({ text }) => text).join(', ')}, listener${waiting}`
  const short = first === undefined ? '' : `${first.sign} ${first.text}`
  const long = depth === undefined || depth.ready === 0 ? short : `${short} · ${countText(depth.ready)} ready`
  return svg(
    'a',
    {
      class: `node listener${isBad ? ' bad' : ''}${listener.paused ? ' paused' : ''}`,
      href: linkTo(['listeners', queue]),
      'data-key': `l ${queue}`,
      'data-queue': queue,
    },
    frame(box),
    isDense ? oneLine(box, name, box.width < 200 ? (first?.sign ?? '') : short) : twoLines(box, name, long),
    svg('title', {}, label),
  )
}

/** @param {Box} box */
function frame({ x, y, width, height }) {
  return svg('rect', { class: 'frame', x: x + 0.5, y: y + 0.5, width: width - 1, height: height - 1, rx: 6 })
}

/**
 * @param {Box} box
 * @param {string} name
 * @param {string} more
 */
function twoLines({ x, y, width }, name, more) {
  const room = width - 20
  return [
    svg('text', { class: 'name', x: x + 10, y: y + 20 }, fit(name, room, nameFont)),
    svg('text', { class: 'more', x: x + 10, y: y + 37 }, fit(more, room, moreFont)),
  ]
}

/**
 * @param {Box} box
 * @param {string} name
 * @param {string} more
 */
function oneLine({ x, y, width, height }, name, more) {
  const side = more === '' ? 0 : Math.min(width * 0.45, more.length * 7 + 8)
  const line = y + height / 2 + 4.5
  return [
    svg('text', { class: 'name', x: x + 8, y: line }, fit(name, width - 16 - side, nameFont)),
    svg('text', { class: 'more', x: x + width - 8, y: line, 'text-anchor': 'end' }, fit(more, side, moreFont)),
  ]
}
