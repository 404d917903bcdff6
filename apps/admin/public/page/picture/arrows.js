// @ts-check
import { svg } from '../dom/element.js'
import { isInTrouble } from '../parts/listener-state.js'
import { countText } from '../parts/numbers.js'

/** @typedef {import('./lay-out.js').Bus} Bus */
/** @typedef {import('./lay-out.js').Layout} Layout */
/** @typedef {import('./lay-out.js').Box} Box */

const thinnest = 1.25
const thickest = { few: 9, many: 5 }
const headLength = 9

/**
 * The arrows: thick by what was delivered, by its logarithm; dashed where nothing was; red where the listener is in trouble. Each listener's arrows end beneath one another,
 * each source's begin so.
 *
 * @param {Bus} bus
 * @param {Layout} layout
 */
export function drawArrows({ arrows }, { sources, listeners, isDense }) {
  const from = new Map(sources.map((placed) => [placed.name, placed]))
  const to = new Map(listeners.map((placed) => [placed.listener.queue, placed]))
  const most = Math.max(1, ...arrows.map(({ delivered }) => delivered))
  const range = (isDense ? thickest.many : thickest.few) - thinnest
  const ends = arrows
    .flatMap((arrow) => {
      const source = from.get(arrow.from)
      const target = to.get(arrow.to)
      return source === undefined || target === undefined ? [] : [{ arrow, source, target }]
    })
    .sort((a, b) => a.target.box.y - b.target.box.y)
  const starts = spread(
    ends,
    ({ arrow, target }) => `${arrow.from} ${target.side}`,
    ({ source }) => source.box,
  )
  const lands = spread(
    ends,
    ({ arrow }) => arrow.to,
    ({ target }) => target.box,
  )
  const drawn = ends.map((end, index) => {
    const { arrow, source, target } = end
    const sign = target.side === 'left' ? -1 : 1
    const start = { x: sign > 0 ? source.box.x + source.box.width : source.box.x, y: starts[index] ?? 0 }
    const tip = { x: sign > 0 ? target.box.x : target.box.x + target.box.width, y: lands[index] ?? 0 }
    const isIdle = arrow.delivered === 0
    const width = isIdle ? thinnest : thinnest + range * (Math.log1p(arrow.delivered) / Math.log1p(most))
    const kind = `${isInTrouble(target.listener) ? ' bad' : ''}${isIdle ? ' idle' : ''}`
    return svg(
      'g',
      { class: `arrow${kind}`, 'data-from': arrow.from, 'data-to': arrow.to },
      svg('path', {
        class: 'shaft',
        d: curve(start, { x: tip.x - sign * headLength, y: tip.y }),
        'stroke-width': width.toFixed(2),
      }),
      svg('path', { class: 'head', d: headOf(tip, sign, Math.max(4, width / 2 + 2.5)) }),
      svg('title', {}, titleOf(arrow)),
    )
  })
  // What is in trouble lies on top.
  return drawn.sort((a, b) => Number(a.classList.contains('bad')) - Number(b.classList.contains('bad')))
}

/**
 * Places along the sides of boxes for all who share one.
 *
 * @template T
 * @param {readonly T[]} all
 * @param {(each: T) => string} shared
 * @param {(each: T) => Box} boxOf
 */
function spread(all, shared, boxOf) {
  /** @type {Map<string, number>} */
  const counts = new Map()
  const ranks = all.map((each) => {
    const key = shared(each)
    const rank = counts.get(key) ?? 0
    counts.set(key, rank + 1)
    return rank
  })
  return all.map((each, index) => {
    const { y, height } = boxOf(each)
    const count = counts.get(shared(each)) ?? 1
    const pad = Math.min(height * 0.2, 8)
    return y + pad + ((height - 2 * pad) * ((ranks[index] ?? 0) + 0.5)) / count
  })
}

/** @typedef {{ x: number, y: number }} Point */

/**
 * @param {Point} a
 * @param {Point} b
 */
function curve(a, b) {
  const bend = (b.x - a.x) * 0.5
  return `M${a.x.toFixed(1)} ${a.y.toFixed(1)}C${(a.x + bend).toFixed(1)} ${a.y.toFixed(1)} ${(b.x - bend).toFixed(1)} ${b.y.toFixed(1)} ${b.x.toFixed(1)} ${b.y.toFixed(1)}`
}

/**
 * @param {Point} tip
 * @param {number} sign
 * @param {number} half
 */
function headOf({ x, y }, sign, half) {
  const back = (x - sign * (headLength + 1)).toFixed(1)
  return `M${x.toFixed(1)} ${y.toFixed(1)}L${back} ${(y - half).toFixed(1)}L${back} ${(y + half).toFixed(1)}Z`
}

/** @param {Bus['arrows'][number]} arrow */
function titleOf({ from, to, events, delivered, suppressed }) {
  return `${from} → ${to}: ${countText(delivered)} delivered, ${countText(suppressed)} held back; ${events.join(', ')}`
}
