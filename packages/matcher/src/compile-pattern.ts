import { describeLeaves, type Explanation } from './evaluate/describe-leaves.js'
import { branchHolds, createLook, type Unknown } from './evaluate/evaluate.js'
import { toBranches } from './evaluate/to-branches.js'
import { parsePattern } from './parse/parse-pattern.js'
import { createFieldTree } from './read/field-tree.js'
import { readEvent } from './read/read-event.js'

export interface MatchOptions {
  /**
   * Leaves that read a path for which this says true count as holding: used for what could not be loaded, so that the
   * answer reads "perhaps". A path is the list of names from the top of the event.
   */
  readonly unknown?: Unknown
}

/** A pattern, ready to be asked. */
export interface CompiledPattern {
  /** The fields that the pattern reads, each once, as lists of names from the top of the event. */
  readonly paths: readonly (readonly string[])[]
  /** Whether an event matches. An event is a JSON value; one that is no object matches nothing. Never throws. */
  matches(event: unknown, options?: MatchOptions): boolean
  /** The same answer with what every leaf wanted and found. */
  evaluate(event: unknown, options?: MatchOptions): Explanation
}

/**
 * Compiles an event pattern. Semantics are event-ruler's; docs/filters.md describes them.
 *
 * @throws RecordcastError `invalid-pattern` with `path` (a JSON pointer), `found` and `expected`;
 *   `pattern-too-complex` where a pattern is over one of the limits.
 * @example compilePattern({ state: ['closed'], size: [{ numeric: ['>', 5] }] }).matches({ state: 'closed', size: 7 })
 */
export function compilePattern(pattern: unknown): CompiledPattern {
  const parsed = parsePattern(pattern)
  const tree = createFieldTree()
  const slotOf = new Map<string, number>()
  for (const { name, path } of parsed.branches.flat()) if (!slotOf.has(name)) slotOf.set(name, tree.acquire(path))
  const branches = toBranches(parsed, slotOf)
  return {
    paths: tree.paths(),
    matches(event, options) {
      const reading = readEvent(tree, event)
      if (reading === undefined) return false
      const look = createLook(branches, reading, options?.unknown)
      return branches.branches.some((branch) => branchHolds(branch, look, reading.ambiguous))
    },
    evaluate(event, options) {
      return describeLeaves(parsed, branches, readEvent(tree, event), options?.unknown)
    },
  }
}
