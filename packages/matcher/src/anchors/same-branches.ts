import type { Branch } from '../evaluate/probe.js'

/** A number that is the same for branches that ask the same. */
export function hashOf(branches: readonly Branch[]): number {
  let hash = 0
  for (const branch of branches) {
    for (const probe of branch) hash = Math.imul(hash, 31) + probe.hash
    hash = Math.imul(hash, 31) + 1
  }
  return hash & 0x3fffffff
}

/** Whether two lists of branches ask the same of the same slots. */
export function sameBranches(one: readonly Branch[], other: readonly Branch[]): boolean {
  return sameItems(one, other, (a, b) => sameItems(a, b, (probe, twin) => probe.asksLike(twin)))
}

function sameItems<T>(one: readonly T[], other: readonly T[], isSame: (a: T, b: T) => boolean): boolean {
  return one.length === other.length && one.every((item, at) => isSame(item, other[at] as T))
}
