import { agree, deepest, type Element } from '../read/element.js'

/** Elements that hold something, to be asked which of them agree with what is bound. */
export interface Holders {
  readonly size: number
  /** Whether any element passes that agrees with all that is bound. */
  some(bound: readonly Element[], passes: (element: Element) => boolean): boolean
}

/**
 * Where names are spelt in one way only, what agrees with a bound element is around it or within it: the former are few,
 * the latter lie side by side once sorted. Else every element is compared.
 */
export function createHolders(elements: readonly Element[], ambiguous: boolean): Holders {
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
    size: elements.length,
    some(bound, passes) {
      const [inner] = bound
      if (inner === undefined) return sorted.some(passes)
      if (ambiguous) return sorted.some((each) => bound.every((other) => agree(each, other)) && passes(each))
      const around = deepest(inner, (each) => sorted[firstFrom(each.id)] === each)
      if (around !== undefined && passes(around)) return true
      for (let at = firstFrom(inner.id + 1); at < sorted.length; at++) {
        const each = sorted[at] as Element
        if (each.id > inner.end) return false
        if (passes(each)) return true
      }
      return false
    },
  }
}

function isSorted(elements: readonly Element[]): boolean {
  return elements.every((element, at) => at === 0 || (elements[at - 1] as Element).id <= element.id)
}
