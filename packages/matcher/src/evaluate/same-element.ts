import type { Element } from '../read/read-event.js'
import type { Sight } from './sight.js'

/*
Leaves under the same list must hold in the same element of it. The leaves are taken in the order of their names; each
picks a value, and with it the elements around that value, which binds the leaves after it. Absence is judged by what
is bound when its turn comes.

Names under one list lie side by side in that order, so of all bound elements only those still matter whose list holds
values of leaves to come: that is one chain, from an outer list inward. A state (leaf, elements that still matter) that
failed once fails again and is not entered twice. So the work is bounded by leaves x elements x nesting, where plain
backtracking would multiply the lengths of lists. Only an event that spells one name in several ways, "a.b" beside
{"a": {"b"}}, can have several chains; for that there is a budget, and over it the answer is no.
*/

/** Elements that hold values of one leaf, as a tree: outer elements first, grouped by list. */
interface Spot {
  element: Element | undefined
  holds: boolean
  readonly lists: Map<number, Map<number, Spot>>
}

interface Stage {
  readonly free: boolean
  readonly holding: Spot
  readonly present: Spot | undefined
}

type Bound = readonly Element[]

const budgetAnElement = 64
const smallestBudget = 10_000

/** Whether all leaves can hold at once. */
export function inSameElement(sights: readonly Sight[]): boolean {
  const lastUse = new Map<number, number>()
  const stages = sights.map((sight, index) => ({
    free: sight.free,
    holding: plant(sight.holding, index, lastUse),
    present: sight.present.length === 0 ? undefined : plant(sight.present, index, lastUse),
  }))
  const failed = new Set<string>()
  const elements = sights.reduce((sum, sight) => sum + sight.holding.length + sight.present.length, 0)
  let budget = smallestBudget + budgetAnElement * elements

  function holdsFrom(index: number, bound: Bound): boolean {
    const stage = stages[index] as Stage | undefined
    if (stage === undefined) return true
    const matters = bound.filter(({ list }) => (lastUse.get(list) ?? -1) >= index)
    const state = `${index}:${matters.map(({ id }) => id).join()}`
    if (failed.has(state)) return false
    if (stage.present !== undefined && !some(stage.present, matters, () => true) && holdsFrom(index + 1, matters))
      return true
    if (stage.free && holdsFrom(index + 1, matters)) return true
    const found = some(
      stage.holding,
      matters,
      (element) => budget-- > 0 && holdsFrom(index + 1, bind(matters, element)),
    )
    if (!found) failed.add(state)
    return found
  }

  return holdsFrom(0, [])
}

function plant(elements: readonly Element[], index: number, lastUse: Map<number, number>): Spot {
  const root: Spot = { element: undefined, holds: false, lists: new Map() }
  const spots = new Map<Element, Spot>()
  const spotOf = (element: Element | undefined): Spot => {
    if (element === undefined) return root
    const known = spots.get(element)
    if (known !== undefined) return known
    const spot: Spot = { element, holds: false, lists: new Map() }
    const around = spotOf(element.parent)
    const siblings = around.lists.get(element.list) ?? new Map<number, Spot>()
    around.lists.set(element.list, siblings.set(element.id, spot))
    spots.set(element, spot)
    lastUse.set(element.list, index)
    return spot
  }
  for (const element of elements) spotOf(element).holds = true
  return root
}

/** Whether any element that agrees with what is bound passes. */
function some(spot: Spot, bound: Bound, passes: (element: Element) => boolean): boolean {
  if (spot.holds && passes(spot.element as Element)) return true
  for (const [list, spots] of spot.lists) {
    const chosen = bound.find((element) => element.list === list)
    if (chosen !== undefined) {
      const below = spots.get(chosen.id)
      if (below !== undefined && some(below, bound, passes)) return true
      continue
    }
    for (const below of spots.values()) if (some(below, bound, passes)) return true
  }
  return false
}

function bind(bound: Bound, element: Element): Bound {
  const added: Element[] = []
  for (let each: Element | undefined = element; each !== undefined; each = each.parent) {
    if (!bound.includes(each)) added.push(each)
  }
  return added.length === 0 ? bound : [...bound, ...added.reverse()]
}
