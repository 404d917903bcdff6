// @ts-check
import { isInTrouble } from '../../parts/listener-state.js'

/** @typedef {import('../../picture/lay-out.js').Bus} Bus */

/**
 * What of the bus is to be seen: the sources that are called so with the listeners that they feed, and the listeners that are called so with the sources that
 * feed them; of the listeners perhaps those in trouble only.
 *
 * @param {Bus} bus
 * @param {{ search: string, trouble: boolean }} wanted
 * @returns {Bus} the same one if nothing is left out
 */
export function partOf(bus, { search, trouble }) {
  const text = search.toLowerCase()
  if (text === '' && !trouble) return bus
  const isNamed = (/** @type {string} */ name) => name.toLowerCase().includes(text)
  const sources = new Set(
    bus.sources.map(({ service }) => service).filter((service) => text !== '' && isNamed(service)),
  )
  const candidates = trouble ? bus.listeners.filter(isInTrouble) : bus.listeners
  const named = new Set(
    candidates.filter(({ listener, service }) => isNamed(listener) || isNamed(service)).map(({ queue }) => queue),
  )
  const possible = new Set(candidates.map(({ queue }) => queue))
  const arrows = bus.arrows.filter(({ from, to }) => named.has(to) || (sources.has(from) && possible.has(to)))
  const [feeding, fed] = [new Set(arrows.map(({ from }) => from)), new Set(arrows.map(({ to }) => to))]
  return {
    ...bus,
    arrows,
    listeners: candidates.filter(({ queue }) => named.has(queue) || fed.has(queue)),
    sources: bus.sources.filter(({ service, silent, failed }) => {
      const isWanted = trouble ? (silent > 0 || failed > 0) && isNamed(service) : sources.has(service)
      return isWanted || feeding.has(service)
    }),
  }
}
