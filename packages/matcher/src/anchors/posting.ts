import type { Branches } from '../evaluate/evaluate.js'
import type { Leaf } from '../parse/leaf.js'

/** One branch of one pattern in the index, found by the alternatives of its anchor. */
export interface Posting {
  readonly entry: Entry
  readonly branch: readonly Leaf[]
  /** The event for which it was last verified, by number: a posting is verified once an event. */
  seen: number
}

/** One distinct pattern, shared by every key that was added with it. */
export interface Entry {
  readonly branches: Branches
  readonly fields: Fields
  /** The event that it last matched, by number. */
  matched: number
  /** What undoes that it was filed. */
  undo: readonly (() => void)[]
}

/** The fields that a pattern reads, shared by all patterns that read the same. */
export interface Fields {
  readonly key: string
  readonly paths: readonly (readonly string[])[]
  /** Their positions in a reading, by dotted name. */
  readonly slotOf: ReadonlyMap<string, number>
  /** How many patterns read them. */
  patterns: number
}
