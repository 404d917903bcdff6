/** How much one pattern may ask for. Over a limit it is refused with `pattern-too-complex`, the limit and the actual figure. */
export const limits = {
  /** Lists of alternatives in a pattern, `$or` branches included. */
  leaves: 200,
  /** Alternatives in one list, values within `anything-but` included. */
  alternatives: 1000,
  /** Names from the top to a leaf, dotted ones counted by part, plus `$or` around it. */
  depth: 16,
  /** Asterisks in one wildcard text. */
  stars: 16,
  /** Conjunctions that remain when every `$or` is multiplied out. */
  branches: 64,
  /**
   * Alternatives of a whole pattern that can only be tried one after the other: wildcards, numeric ranges, prefixes
   * and suffixes that ignore case.
   */
  scans: 64,
  /**
   * Alternatives of a whole pattern, values within `anything-but` included, each counted once for every conjunction in
   * which it stands: so many values may make an index look at the pattern.
   */
  candidates: 10_000,
  /** Steps that one answer about one event may take: some milliseconds. Over it the answer is undecided; see work.ts. */
  steps: 1_200_000,
} as const

/**
 * Lists that may stand inside lists on the way to one value of an event. What lies deeper is not read: it counts as
 * absent. It keeps the walk over an event within the stack whatever the event holds.
 */
export const nestedLists = 32
