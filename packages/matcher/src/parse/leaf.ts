import type { Wanted } from '../leaf/wanted.js'

/** One list of alternatives in a pattern. */
export interface Leaf {
  /** Where it stands in the pattern, as a JSON pointer. */
  readonly pointer: string
  /** The `$or` alternative that it belongs to, as a JSON pointer; the innermost where they are nested. */
  readonly branch: string | undefined
  /** The names from the top of the event to the field that it reads. */
  readonly path: readonly string[]
  /** The same, dotted: by it leaves are told apart and put into order. */
  readonly name: string
  /** As it was written. */
  readonly source: readonly unknown[]
  readonly alternatives: readonly Wanted[]
  /** Whether absence of the field is one of the alternatives. */
  readonly absent: boolean
}

/**
 * A pattern with every `$or` multiplied out: it matches when all leaves of one branch do.
 * Leaves of a branch are sorted by name, a name occurs once.
 */
export interface Parsed {
  readonly branches: readonly (readonly Leaf[])[]
  /** Every leaf as written, those included that another one for the same field replaces. */
  readonly leaves: readonly Leaf[]
  /** Whether `$or` has its meaning here; else it is a name like any other. */
  readonly hasOr: boolean
}
