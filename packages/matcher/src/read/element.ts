/**
 * An element of a list that has others beside it, on the way to a value. Elements are numbered in the order in which
 * they are entered, so that those within one have the numbers after its own, up to `end`.
 */
export interface Element {
  readonly id: number
  end: number
  /** The list, numbered within the reading. */
  readonly list: number
  /** How many elements it lies in, itself included. */
  readonly depth: number
  /** The element around that list, if any. */
  readonly parent: Element | undefined
}

/** Whether an element is the other one or lies inside it. */
export function isWithin(inner: Element, outer: Element): boolean {
  return inner.id >= outer.id && inner.id <= outer.end
}

/** The innermost element, starting from this one outwards, that passes. */
export function deepest(element: Element, passes: (element: Element) => boolean): Element | undefined {
  for (let each: Element | undefined = element; each !== undefined; each = each.parent) if (passes(each)) return each
  return undefined
}

/** Whether two elements can be picked together: they lie in no list in different elements. */
export function agree(one: Element, other: Element): boolean {
  const inOther = (element: Element) =>
    deepest(other, (each) => each.list === element.list && each !== element) !== undefined
  return deepest(one, inOther) === undefined
}
