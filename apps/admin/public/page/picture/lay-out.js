// @ts-check
import { isInTrouble } from '../parts/listener-state.js'

/*
Where everything stands. Sources are one column, listeners another, or one on either side of the sources where there is the width and there are many. Listeners stand by the
source that gives them most, those in trouble first, then those with most traffic; each source stands in the middle of its listeners, as far as they do not overlap, so that arrows are short.
*/

/** @typedef {import('@recordcast/operator/shapes').Shape<'bus'>} Bus */
/** @typedef {Bus['listeners'][number]} Listener */
/** @typedef {Bus['sources'][number]} Source */
/** @typedef {{ x: number, y: number, width: number, height: number }} Box */
/** @typedef {{ box: Box, side: 'left' | 'right', listener: Listener }} PlacedListener */
/** @typedef {{ box: Box, source: Source | undefined, name: string }} PlacedSource `source` undefined: it left arrows and is gone */
/** @typedef {{ sources: PlacedSource[], listeners: PlacedListener[], width: number, height: number, isDense: boolean }} Layout */

const manyListeners = 24
const twoSidedFrom = 860

/**
 * @param {Bus} bus
 * @param {number} width
 * @returns {Layout}
 */
export function layOut(bus, width) {
  const isDense = bus.listeners.length > manyListeners
  const isNarrow = width < 560
  const isTwoSided = isDense && width >= twoSidedFrom
  const height = isDense ? (isNarrow ? 26 : 24) : 48
  const gap = isDense ? 6 : 14
  const groups = groupBySource(bus)
  const names = [...new Set([...bus.sources.map(({ service }) => service), ...bus.arrows.map(({ from }) => from)])]

  const sourceWidth = Math.min(220, width * (isTwoSided ? 0.2 : 0.32))
  const listenerWidth = Math.min(320, width * (isTwoSided ? 0.27 : isNarrow ? 0.48 : 0.42))
  const sourceX = isTwoSided ? (width - sourceWidth) / 2 : 0

  /** @type {PlacedListener[]} */
  const listeners = []
  const foot = { left: 0, right: 0 }
  for (const group of groups.values()) {
    const half = isTwoSided ? Math.ceil(group.length / 2) : 0
    const start = Math.max(foot.left, foot.right)
    foot.left = start
    foot.right = start
    for (const [index, listener] of group.entries()) {
      const side = index < half ? 'left' : 'right'
      const box = { x: side === 'left' ? 0 : width - listenerWidth, y: foot[side], width: listenerWidth, height }
      foot[side] += height + gap
      listeners.push({ box, side, listener })
    }
    foot.left += isTwoSided ? gap : 0
    foot.right += isTwoSided ? gap : 0
  }
  const middle = middles(bus, listeners)
  const ordered = names.toSorted(
    (a, b) => (middle.get(a) ?? Number.MAX_SAFE_INTEGER) - (middle.get(b) ?? Number.MAX_SAFE_INTEGER),
  )
  const sourceHeight = 48
  const boxes = stack(
    ordered.map((name) => (middle.get(name) ?? 0) - sourceHeight / 2),
    sourceHeight + 14,
    Math.max(foot.left, foot.right) - gap,
  )
  const sources = ordered.map((name, index) => ({
    ...{ name, source: bus.sources.find(({ service }) => service === name) },
    box: { x: sourceX, y: boxes[index] ?? 0, width: sourceWidth, height: sourceHeight },
  }))
  const bottom = [...sources, ...listeners].reduce((most, { box }) => Math.max(most, box.y + box.height), 0)
  return { sources, listeners, width, height: bottom, isDense }
}

/**
 * Listeners by the source that gives them most; at last those that nobody gives anything.
 *
 * @param {Bus} bus
 */
function groupBySource({ sources, listeners, arrows }) {
  /** @type {Map<string, { from: string, delivered: number }>} */
  const main = new Map()
  /** @type {Map<string, number>} */
  const given = new Map()
  for (const { from, to, delivered } of arrows) {
    const known = main.get(to)
    if (known === undefined || delivered > known.delivered) main.set(to, { from, delivered })
    given.set(to, (given.get(to) ?? 0) + delivered)
  }
  const order = sources.toSorted((a, b) => b.published - a.published).map(({ service }) => service)
  /** @type {Map<string, Listener[]>} */
  const groups = new Map([...order, ''].map((name) => [name, []]))
  const last = groups.get('')
  groups.delete('')
  const byTraffic = listeners.toSorted((a, b) => (given.get(b.queue) ?? 0) - (given.get(a.queue) ?? 0))
  for (const listener of byTraffic.sort((a, b) => Number(isInTrouble(b)) - Number(isInTrouble(a)))) {
    const from = main.get(listener.queue)?.from
    if (from === undefined) last?.push(listener)
    else if (groups.has(from)) groups.get(from)?.push(listener)
    else groups.set(from, [listener])
  }
  return groups.set('', last ?? [])
}

/**
 * The middle of each source's listeners.
 *
 * @param {Bus} bus
 * @param {readonly PlacedListener[]} placed
 */
function middles({ arrows }, placed) {
  const byQueue = new Map(placed.map(({ box, listener }) => [listener.queue, box.y + box.height / 2]))
  /** @type {Map<string, number[]>} */
  const heights = new Map()
  for (const { from, to } of arrows) {
    const y = byQueue.get(to)
    if (y !== undefined) heights.set(from, [...(heights.get(from) ?? []), y])
  }
  return new Map([...heights].map(([name, all]) => [name, all.reduce((sum, y) => sum + y, 0) / all.length]))
}

/**
 * Keeps wished places apart: downward from the first, then upward again from what went beyond the bottom.
 *
 * @param {readonly number[]} wished ascending
 * @param {number} step
 * @param {number} bottom
 */
function stack(wished, step, bottom) {
  /** @type {number[]} */
  const places = []
  for (const y of wished) places.push(Math.max(y, (places.at(-1) ?? -step) + step, 0))
  let roof = Math.max(bottom, places.length * step) - step + 14
  for (let index = places.length - 1; index >= 0; index--) {
    const y = Math.min(places[index] ?? 0, roof)
    places[index] = y
    roof = y - step
  }
  return places
}
