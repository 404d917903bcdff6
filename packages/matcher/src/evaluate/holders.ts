import { agree, deepest, type Element } from '../read/element.js'
import { steps, type Work } from '../work.js'

/** Elements that hold something, to be asked which of them agree with what is bound. */
export interface Holders {
  /** Whether any element passes that agrees with all that is bound. */
  some(bound: readonly Element[], passes: (element: Element) => boolean): boolean
}

/**
 * Where names are spelt in one way only, what agrees with a bound element is around it or within it: the former are few,
 * the latter lie side by side once sorted. Else every element is compared.
 */
export function createHolders(elements: readonly Element[], ambiguous: boolean, work: Work): Holders {
  const sorted = isSorted(elements) ? elements : [...elements].sort((a, b) => a.id - b.id)

  function firstFrom(id: number): number {
    let low = 0
    let high = sorted.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if ((sorted[middle] as Element).id < id) low = middle + 1
      else high = middle
    }
    return low
  }

  return {
    some(bound, passes) {
      const [inner] = bound
      if (ambiguous || inner === undefined) {
        // Two elements are compared list by list, outwards.
        const lists = bound.reduce((sum, { depth }) => sum + depth, 0)
        return sorted.some((each) => {
          work.left -= steps.element + each.depth * lists
          return work.left >= 0 && bound.every((other) => agree(each, other)) && passes(each)
        })
      }
      work.left -= steps.state
      const around = deepest(inner, (each) => sorted[firstFrom(each.id)] === each)
      if (around !== undefined && passes(around)) return true
      for (let at = firstFrom(inner.id + 1); at < sorted.length; at++) {
        const each = sorted[at] as Element
        work.left -= steps.element
        if (work.left < 0 || each.id > inner.end) return false
        if (passes(each)) return true
      }
      return false
    },
  }
}

function isSorted(elements: readonly Element[]): boolean {
  return elements.every((element, at) => at === 0 || (elements[at - 1] as Element).id <= element.id)
}
