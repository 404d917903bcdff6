import { deepest, type Element, isWithin } from '../read/element.js'
import { steps, type Work } from '../work.js'
import { createHolders, type Holders } from './holders.js'
import type { Sight } from './sight.js'

/*
Leaves under the same list must hold in the same element of it. The leaves are taken in the order of their names; each
picks a value, and with it the elements around that value, which binds the leaves after it. Absence is judged by what
is bound when its turn comes.

Names under one list lie side by side in that order, so of all that is bound only elements of lists that leaves to come
reach into still matter: that is one chain, known by its innermost element. A state (leaf, innermost element) that
failed once fails again and is not entered twice. So the work is bounded by leaves x elements x nesting, where plain
backtracking would multiply the lengths of lists. Only an event that spells names in several ways, "a.b" beside
{"a": {"b"}}, can have several chains. In either case the elements looked at are counted; see work.ts.
*/

/** The innermost elements that are picked; one at most unless names are spelt in several ways. */
type Bound = readonly Element[]

/**
 * Whether all leaves can hold at once; undecided when the work is used up.
 *
 * @param ambiguous names of the event may be spelt in several ways.
 */
export function inSameElement(sights: readonly Sight[], ambiguous: boolean, work: Work): boolean {
  const lastUse: (number | undefined)[] = []
  const stages = sights.map((sight, index) => {
    work.left -= (sight.holding.length + sight.present.length) * steps.element * sortingCosts
    for (const element of sight.holding) noteUse(element, index, lastUse, work)
    for (const element of sight.present) noteUse(element, index, lastUse, work)
    if (work.left < 0) return none
    return {
      free: sight.free,
      holding: createHolders(sight.holding, ambiguous, work),
      present: sight.present.length === 0 ? undefined : createHolders(sight.present, ambiguous, work),
    }
  })
  const failed = new Set<string | number>()

  function holdsFrom(index: number, before: Bound): boolean {
    const stage = stages[index]
    if (stage === undefined) return true
    work.left -= steps.state * (1 + before.length)
    if (work.left < 0) return false
    const bound = stillMatters(before, index)
    const state = bound.length > 1 ? `${index}:${bound.map(({ id }) => id).join()}` : keyOf(index, bound[0])
    if (failed.has(state)) return false
    if (stage.present !== undefined && isAbsent(stage.present, bound) && holdsFrom(index + 1, bound)) return true
    if (stage.free && holdsFrom(index + 1, bound)) return true
    if (stage.holding.some(bound, (element) => holdsFrom(index + 1, bind(bound, element)))) return true
    failed.add(state)
    return false
  }

  function stillMatters(bound: Bound, index: number): Bound {
    const [only] = bound
    if (only === undefined) return bound
    const matters = (element: Element) => (lastUse[element.list] ?? -1) >= index
    if (bound.length === 1 && matters(only)) return bound
    return bound.map((element) => deepest(element, matters)).filter((element) => element !== undefined)
  }

  return holdsFrom(0, [])
}

/** A stage has its elements noted, sorted and copied. */
const sortingCosts = 4
const none = { free: false, holding: { some: () => false }, present: undefined }

/** A number for each state of one chain: leaves are few, elements many. */
function keyOf(index: number, bound: Element | undefined): number {
  return (bound === undefined ? 0 : bound.id + 1) * 256 + index
}

function isAbsent(present: Holders, bound: Bound): boolean {
  return !present.some(bound, () => true)
}

function noteUse(element: Element, index: number, lastUse: (number | undefined)[], work: Work): void {
  for (let each: Element | undefined = element; each !== undefined; each = each.parent) {
    work.left--
    if (lastUse[each.list] === index) return
    lastUse[each.list] = index
  }
}

function bind(bound: Bound, element: Element): Bound {
  if (bound.length === 0) return [element]
  if (bound.some((each) => isWithin(each, element))) return bound
  return [...bound.filter((each) => !isWithin(element, each)), element]
}
