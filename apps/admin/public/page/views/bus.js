// @ts-check
import { call } from '../api/call.js'
import { keepFresh } from '../api/keep-fresh.js'
import { h } from '../dom/element.js'
import { swap } from '../dom/swap.js'
import { empty } from '../parts/empty.js'
import { heading } from '../parts/heading.js'
import { isInTrouble } from '../parts/listener-state.js'
import { countText, plural } from '../parts/numbers.js'
import { drawPicture } from '../picture/draw.js'
import { rememberQuery } from '../route.js'
import { arrowsTable } from './bus/arrows-table.js'
import { busFilters } from './bus/filters.js'
import { legend } from './bus/legend.js'
import { partOf } from './bus/part-of.js'

/** @typedef {import('../main.js').Visit} Visit */
/** @typedef {import('../picture/lay-out.js').Bus} Bus */

const most = 200

/**
 * The bus as a picture, with the same as a table beneath it.
 *
 * @param {Visit} visit
 */
export async function showBus({ query, signal }) {
  const wanted = { search: query.get('search') ?? '', trouble: query.get('trouble') === 'yes' }
  const canvas = h('div', { class: 'canvas' })
  const sum = h('p', { class: 'sum', role: 'status' })
  /** @type {Bus | undefined} */
  let bus

  const draw = () => {
    const width = canvas.clientWidth
    if (bus === undefined || width === 0) return
    const part = partOf(bus, wanted)
    sum.textContent = sumOf(bus, part)
    if (part.sources.length === 0 && part.listeners.length === 0) swap(canvas, nothing(bus))
    else swap(canvas, drawPicture(part, width, 'picture-help'))
  }
  const resized = new ResizeObserver(draw)
  resized.observe(canvas)
  signal.addEventListener('abort', () => resized.disconnect())

  const filters = busFilters(wanted, () => {
    rememberQuery(['bus'], { search: wanted.search, trouble: wanted.trouble ? 'yes' : '' })
    draw()
  })
  const host = h('div', {})
  const { note } = await keepFresh({
    ...{ host, signal },
    load: (until) => call('/api/bus', { query: { limit: most }, signal: until }),
    draw: (/** @type {Bus} */ told) => {
      bus = told
      draw()
      return [arrowsTable(told)]
    },
  })
  return [
    heading('The bus', {
      lead: 'Who puts events into whose queue. Counts begin with each instance of a source.',
      actions: [note],
    }),
    filters,
    sum,
    legend(),
    canvas,
    host,
  ]
}

/**
 * @param {Bus} bus
 * @param {Bus} part
 */
function sumOf(bus, part) {
  const trouble = part.listeners.filter(isInTrouble).length
  const all = part === bus
  const count = (/** @type {number} */ some, /** @type {number} */ of, /** @type {string} */ what) =>
    all ? plural(some, what) : `${countText(some)} of ${plural(of, what)}`
  const more =
    bus.more > 0
      ? ` ${plural(bus.more, 'listener')} with fewer deliveries not drawn; the list of listeners has them.`
      : ''
  return `${count(part.sources.length, bus.sources.length, 'source')}, ${count(part.listeners.length, bus.listeners.length, 'listener')}, ${trouble === 0 ? 'none' : countText(trouble)} in trouble.${more}`
}

/** @param {Bus} bus */
function nothing(bus) {
  if (bus.sources.length + bus.listeners.length > 0)
    return empty('Nothing on the bus fits', 'Change what is searched for, or show all.')
  return empty(
    'Nobody is on this bus',
    'Start a source and a listener on this broker, in this namespace; they appear here by themselves.',
  )
}
