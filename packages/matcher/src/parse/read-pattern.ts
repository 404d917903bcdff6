import type { Parsed } from './leaf.js'
import { parsePattern } from './parse-pattern.js'

/** A pattern that has been read and is within the limits; a matcher takes it as it takes the pattern itself, and need not read it again. */
export class ReadPattern {
  readonly #parsed: Parsed
  #paths: readonly (readonly string[])[] | undefined

  constructor(parsed: Parsed) {
    this.#parsed = parsed
  }

  /** The fields that the pattern reads, each once, as lists of names from the top of the event. */
  get paths(): readonly (readonly string[])[] {
    this.#paths ??= pathsOf(this.#parsed)
    return this.#paths
  }

  static parsed(pattern: unknown): Parsed {
    return pattern instanceof ReadPattern ? pattern.#parsed : parsePattern(pattern)
  }
}

/**
 * Reads a pattern without making anything of it.
 *
 * @throws RecordcastError as compilePattern does.
 */
export function readPattern(pattern: unknown): ReadPattern {
  return new ReadPattern(parsePattern(pattern))
}

function pathsOf({ branches }: Parsed): readonly (readonly string[])[] {
  const [first = []] = branches
  if (branches.length === 1) return first.map(({ path }) => path)
  return [...new Map(branches.flatMap((branch) => branch.map(({ name, path }) => [name, path] as const))).values()]
}
