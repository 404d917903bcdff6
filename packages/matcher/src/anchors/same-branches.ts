import type { Branch, Probe } from '../evaluate/probe.js'

/** A number that is the same for branches that ask the same. */
export function hashOf(branches: readonly Branch[]): number {
  let hash = 0
  for (const branch of branches) {
    for (const { slot, alternatives } of branch) {
      // Infinity is written as null, which is good enough for a number that others may share.
      const text = JSON.stringify(alternatives)
      hash = Math.imul(hash, 31) + slot
      for (let at = 0; at < text.length; at++) hash = Math.imul(hash, 31) + text.charCodeAt(at)
    }
    hash = Math.imul(hash, 31) + 1
  }
  return hash & 0x3fffffff
}

/** Whether two lists of branches ask the same of the same slots. */
export function sameBranches(one: readonly Branch[], other: readonly Branch[]): boolean {
  return sameItems(one, other, (a, b) => sameItems(a, b, sameProbe))
}

function sameProbe(one: Probe, other: Probe): boolean {
  return one.slot === other.slot && same(one.alternatives, other.alternatives)
}

/** Whether plain data is the same. Alternatives of one kind have their properties in one order. */
function same(one: unknown, other: unknown): boolean {
  if (one === other) return true
  if (typeof one !== 'object' || typeof other !== 'object' || one === null || other === null) return false
  return sameItems(Object.entries(one), Object.entries(other), ([a, x], [b, y]) => a === b && same(x, y))
}

function sameItems<T>(one: readonly T[], other: readonly T[], isSame: (a: T, b: T) => boolean): boolean {
  return one.length === other.length && one.every((item, at) => isSame(item, other[at] as T))
}
