import type { Leaf, Parsed } from '../parse/leaf.js'
import type { Branches } from './evaluate.js'

/** Assigns a slot to every field that a pattern reads. A field is asked for once. */
export function toBranches(parsed: Parsed, slotFor: (path: readonly string[]) => number): Branches {
  const slotOf = new Map<string, number>()
  let wantsAbsence = false
  for (const leaf of new Set<Leaf>(parsed.branches.flat())) {
    if (!slotOf.has(leaf.name)) slotOf.set(leaf.name, slotFor(leaf.path))
    wantsAbsence ||= leaf.absent
  }
  return { branches: parsed.branches, slotOf, wantsAbsence }
}
