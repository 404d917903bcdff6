import type { Leaf, Parsed } from '../parse/leaf.js'
import type { Scalar } from '../pattern.js'
import { Reading } from '../read/reading.js'
import type { Work } from '../work.js'
import { branchHolds, createLook } from './evaluate.js'
import type { Branch, Probe } from './probe.js'

/** Why a pattern matches an event, or why it does not. */
export interface Explanation {
  readonly matches: boolean
  /** Every list of alternatives in the pattern, as written from top to bottom, `$or` branches included. */
  readonly leaves: readonly ExplainedLeaf[]
  /**
   * True when the leaves of some branch hold one by one and yet not together, since they do so in different elements
   * of a list, or because a field that should be absent stands in another element.
   */
  readonly onlyInDifferentElements: boolean
}

export interface ExplainedLeaf {
  /** Names from the top of the event to the field. */
  readonly path: readonly string[]
  /** Where the leaf stands in the pattern, as a JSON pointer. */
  readonly pointer: string
  /** The `$or` alternative that it belongs to, as a JSON pointer; the innermost where they are nested. */
  readonly branch?: string
  /** The alternatives, as written. */
  readonly wanted: readonly unknown[]
  /** The values of the field, at most 16 of them; empty when it is absent. */
  readonly found: readonly Scalar[]
  /** Whether the leaf holds, taken by itself. */
  readonly held: boolean
  /** Set when the field could not be loaded; the leaf then counts as holding. */
  readonly unknown?: true
  /** Set when another leaf further down for the same field takes its place everywhere. */
  readonly replaced?: true
}

const shown = 16

/** What is asked of an event: the leaves as written, and the branches ready to be asked. */
interface Asked {
  readonly parsed: Parsed
  readonly branches: readonly Branch[]
  readonly probeOf: (leaf: Leaf) => Probe
  readonly isUnknown: ((slot: number) => boolean) | undefined
}

/** Undecided when the work is used up. */
export function describeLeaves(asked: Asked, reading: Reading | undefined, work: Work): Explanation {
  const { parsed, branches, probeOf, isUnknown } = asked
  const look = createLook(branches, reading ?? new Reading(), work, isUnknown)
  const live = new Set<Leaf>(parsed.branches.flat())
  const leaves = parsed.leaves.map((leaf): ExplainedLeaf => {
    const probe = probeOf(leaf)
    return {
      path: leaf.path,
      pointer: leaf.pointer,
      ...(leaf.branch !== undefined && { branch: leaf.branch }),
      wanted: leaf.source,
      found: reading?.field(probe.slot)?.values.slice(0, shown) ?? [],
      held: reading !== undefined && look(probe) !== undefined,
      ...(isUnknown?.(probe.slot) && { unknown: true }),
      ...(!live.has(leaf) && { replaced: true }),
    }
  })
  const matches = reading !== undefined && branches.some((branch) => branchHolds(branch, look, reading.ambiguous, work))
  const oneByOne =
    reading !== undefined && branches.some((branch) => branch.every((probe) => look(probe) !== undefined))
  return { matches, leaves, onlyInDifferentElements: oneByOne && !matches }
}
