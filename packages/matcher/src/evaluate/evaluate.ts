import type { Leaf } from '../parse/leaf.js'
import type { Reading } from '../read/read-event.js'
import { inSameElement } from './same-element.js'
import { free, type Sight, sightOf } from './sight.js'

/** Whether the field at a path could not be loaded. */
export type Unknown = (path: readonly string[]) => boolean

/** A pattern's branches with the slots of their fields, as they stand in a reading. */
export interface Branches {
  readonly branches: readonly (readonly Leaf[])[]
  readonly slotOf: ReadonlyMap<string, number>
  /** Whether any leaf wants absence. */
  readonly wantsAbsence: boolean
}

/** Looks at leaves of one event, at each once however many branches share it. */
export function createLook(pattern: Branches, reading: Reading, unknown?: Unknown): (leaf: Leaf) => Sight | undefined {
  const look = (leaf: Leaf) => {
    if (unknown?.(leaf.path)) return free
    return sightOf(leaf, reading.fields[pattern.slotOf.get(leaf.name) ?? -1], pattern.wantsAbsence)
  }
  if (pattern.branches.length === 1) return look
  const seen = new Map<Leaf, Sight | undefined>()
  return (leaf) => {
    if (!seen.has(leaf)) seen.set(leaf, look(leaf))
    return seen.get(leaf)
  }
}

/** Whether all leaves of a branch hold, those under one list in the same element. `ambiguous` is the reading's. */
export function branchHolds(
  branch: readonly Leaf[],
  look: (leaf: Leaf) => Sight | undefined,
  ambiguous: boolean,
): boolean {
  const sights: Sight[] = []
  for (const leaf of branch) {
    const sight = look(leaf)
    if (sight === undefined) return false
    if (sight !== free) sights.push(sight)
  }
  if (sights.every((sight) => sight.free)) return true
  if (sights.length === 1 && sights[0]?.present.length === 0) return true
  return inSameElement(sights, ambiguous)
}
