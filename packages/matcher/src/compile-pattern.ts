import { RecordcastError } from '@recordcast/protocol/errors'
import { describeLeaves, type Explanation } from './evaluate/describe-leaves.js'
import { branchHolds, createLook } from './evaluate/evaluate.js'
import { Probe } from './evaluate/probe.js'
import { limits } from './limits.js'
import type { Leaf } from './parse/leaf.js'
import { parsePattern } from './parse/parse-pattern.js'
import { createFieldTree } from './read/field-tree.js'
import { readEvent } from './read/read-event.js'
import { createWork, type Work } from './work.js'

export interface MatchOptions {
  /**
   * Leaves that read a path for which this says true count as holding: used for what could not be loaded, so that the
   * answer reads "perhaps". A path is the list of names from the top of the event.
   */
  readonly unknown?: (path: readonly string[]) => boolean
}

/** A pattern, ready to be asked. */
export interface CompiledPattern {
  /** The fields that the pattern reads, each once, as lists of names from the top of the event. */
  readonly paths: readonly (readonly string[])[]
  /**
   * Whether an event matches. An event is a JSON value; one that is no object matches nothing.
   *
   * @throws RecordcastError `filter-undecided` where lists or texts of the event are so long that the answer would take
   *   more than some milliseconds; see docs/filters.md.
   */
  matches(event: unknown, options?: MatchOptions): boolean
  /** The same answer with what every leaf wanted and found. @throws RecordcastError as `matches` does */
  evaluate(event: unknown, options?: MatchOptions): Explanation
  /** Steps that the answer takes, a few nanoseconds each: at most `limits.steps`, over which it is undecided. */
  cost(event: unknown): number
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
  const paths: (readonly string[])[] = []
  for (const { name, path } of parsed.branches.flat()) {
    if (slotOf.has(name)) continue
    const slot = tree.acquire(path)
    slotOf.set(name, slot)
    paths[slot] = path
  }
  const probes = new Map(parsed.leaves.map((leaf) => [leaf, new Probe(leaf.alternatives, slotOf.get(leaf.name) ?? -1)]))
  const probeOf = (leaf: Leaf): Probe => probes.get(leaf) as Probe
  const branches = parsed.branches.map((branch) => branch.map(probeOf))
  const isUnknownTo = (options: MatchOptions | undefined) => {
    const unknown = options?.unknown
    return unknown && ((slot: number) => slot >= 0 && unknown(paths[slot] ?? []))
  }

  function ask(event: unknown, work: Work, options?: MatchOptions): boolean {
    const reading = readEvent(tree, event, work)
    if (reading === undefined) return false
    const look = createLook(branches, reading, work, isUnknownTo(options))
    return branches.some((branch) => branchHolds(branch, look, reading.ambiguous, work))
  }

  return {
    paths: tree.paths(),
    matches(event, options) {
      const work = createWork()
      return decided(ask(event, work, options), work)
    },
    evaluate(event, options) {
      const work = createWork()
      const asked = { parsed, branches, probeOf, isUnknown: isUnknownTo(options) }
      return decided(describeLeaves(asked, readEvent(tree, event, work), work), work)
    },
    cost(event) {
      const work = createWork()
      ask(event, work)
      return limits.steps - work.left
    },
  }
}

/** The answer, if there was work enough for it. */
function decided<Answer>(answer: Answer, { left }: Work): Answer {
  if (left >= 0) return answer
  const sentence =
    'The filter could not be decided: the lists and texts that it reads are too long for what it compares'
  throw new RecordcastError('filter-undecided', sentence, { expected: `an answer within ${limits.steps} steps` })
}
