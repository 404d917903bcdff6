import type { Leaf } from '../parse/leaf.js'
import type { Element } from '../read/element.js'
import type { Field } from '../read/read-event.js'

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

/** Looks at one leaf; undefined when it cannot hold. `thorough` also lists elements where a free value would do. */
export function sightOf(leaf: Leaf, field: Field | undefined, thorough: boolean): Sight | undefined {
  if (field === undefined) return leaf.absent ? free : undefined
  const holding: Element[] = []
  let isFree = false
  for (let at = 0; at < field.values.length; at++) {
    if (!leaf.holds(field.values[at] ?? null)) continue
    const element = field.elements[at]
    if (element !== undefined) {
      if (holding.at(-1) !== element) holding.push(element)
      continue
    }
    if (!thorough) return free
    isFree = true
  }
  const present = leaf.absent ? elementsOnly(field) : []
  if (!isFree && holding.length === 0 && present.length === 0) return undefined
  return { free: isFree, holding, present }
}

/** Every element that has the field; none when it also stands outside of lists. */
function elementsOnly(field: Field): Element[] {
  const elements = new Set(field.elements)
  return elements.has(undefined) ? [] : [...elements].filter((element) => element !== undefined)
}
