import type { Parsed } from './leaf.js'
import { parsePattern } from './parse-pattern.js'

/** A pattern that has been read and is within the limits. */
export interface ReadPattern {
  /** The fields that the pattern reads, each once, as lists of names from the top of the event. */
  readonly paths: readonly (readonly string[])[]
  /** The matcher's own business. */
  readonly parsed: Parsed
}

/**
 * Reads a pattern without making anything of it: for whoever looks at what it reads before it is added to a matcher.
 *
 * @throws RecordcastError as compilePattern does.
 */
export function readPattern(pattern: unknown): ReadPattern {
  const parsed = parsePattern(pattern)
  // No class: where all of its instances have gone, code that was optimized for them is thrown away.
  return { paths: pathsOf(parsed), parsed }
}

function pathsOf({ branches }: Parsed): readonly (readonly string[])[] {
  const [first = []] = branches
  if (branches.length === 1) return first.map(({ path }) => path)
  return [...new Map(branches.flatMap((branch) => branch.map(({ name, path }) => [name, path] as const))).values()]
}
