import type { Parsed } from '../parse/leaf.js'
import type { Branches } from './evaluate.js'

/** A pattern's branches with the slots that its fields have in a reading. */
export function toBranches({ branches }: Parsed, slotOf: Branches['slotOf']): Branches {
  return { branches, slotOf, wantsAbsence: branches.some((branch) => branch.some(({ absent }) => absent)) }
}
