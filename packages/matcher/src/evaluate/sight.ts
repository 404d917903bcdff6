import type { Element } from '../read/element.js'
import type { Field } from '../read/reading.js'
import { steps, type Work } from '../work.js'
import type { Probe } from './probe.js'

/** How one leaf fares against one event, before its neighbours are asked. */
export interface Sight {
  /** Holds whatever the other leaves do, and ties them to nothing. */
  readonly free: boolean
  /** Elements of lists in which a value holds. */
  readonly holding: readonly Element[]
  /**
   * Where absence is wanted and the field is there, but only within lists: every element that has it. The leaf then
   * holds if the other leaves pick elements that do not.
   */
  readonly present: readonly Element[]
}

export const free: Sight = { free: true, holding: [], present: [] }

/**
 * Looks at one leaf; undefined when it cannot hold, or when the work is used up. `thorough` also lists elements where a
 * free value would do.
 */
export function sightOf(probe: Probe, field: Field | undefined, thorough: boolean, work: Work): Sight | undefined {
  const { absent } = probe
  if (field === undefined) return absent ? free : undefined
  const holding: Element[] = []
  let isFree = false
  for (let at = 0; at < field.values.length; at++) {
    const value = field.values[at] ?? null
    work.left -= probe.costOf(value)
    if (work.left < 0) return undefined
    if (!probe.holds(value)) continue
    const element = field.elements[at]
    if (element !== undefined) {
      if (holding.at(-1) !== element) holding.push(element)
      continue
    }
    if (!thorough) return free
    isFree = true
  }
  if (absent) work.left -= field.elements.length * steps.element
  const present = absent ? elementsOnly(field) : []
  if (!isFree && holding.length === 0 && present.length === 0) return undefined
  return { free: isFree, holding, present }
}

/** Every element that has the field; none when it also stands outside of lists. */
function elementsOnly(field: Field): Element[] {
  const elements = new Set(field.elements)
  return elements.has(undefined) ? [] : [...elements].filter((element) => element !== undefined)
}
