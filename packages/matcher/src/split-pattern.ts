import { parsePattern } from './parse/parse-pattern.js'
import type { Pattern } from './pattern.js'
import { within } from './refuse.js'

export interface SplitPattern {
  /** What can be asked now. Whatever matches the whole matches this too. undefined: nothing remains. */
  readonly now: Pattern | undefined
  /** Whether anything was left out, so that the whole has to be asked as well. */
  readonly later: boolean
}

interface Part {
  readonly name: string
  readonly isLater: boolean
  /** The fields that it reads, dotted. */
  readonly fields: ReadonlySet<string>
}

/**
 * Splits off the part of a pattern that reads only names at hand. Names are those at the top of the event: the first
 * part of a dotted key. An `$or` at the top that mentions a later name anywhere is left out as a whole.
 *
 * @throws RecordcastError as compilePattern does.
 */
export function splitPattern(pattern: unknown, isLater: (topLevelName: string) => boolean): SplitPattern {
  const { leaves, hasOr } = parsePattern(pattern)
  const whole = pattern as Pattern
  const parts = Object.keys(whole).map((name): Part => {
    const place = within('', name)
    const own = leaves.filter((leaf) => leaf.pointer === place || leaf.pointer.startsWith(`${place}/`))
    const tops = name === '$or' && hasOr ? own.map((leaf) => leaf.path[0] ?? '') : [name.split('.')[0] ?? '']
    return { name, isLater: tops.some(isLater), fields: new Set(own.map((leaf) => leaf.name)) }
  })
  const left = leftOut(parts)
  if (left.size === 0) return { now: whole, later: false }
  const kept = parts.filter((part) => !left.has(part)).map(({ name }) => [name, whole[name]] as const)
  return { now: kept.length === 0 ? undefined : (Object.fromEntries(kept) as Pattern), later: true }
}

/**
 * Where a field is named twice, the last one counts; so a part that shares a field with one that is left out would be
 * stricter alone than in the whole, and is left out too.
 */
function leftOut(parts: readonly Part[]): Set<Part> {
  const left = new Set(parts.filter((part) => part.isLater))
  for (let before = -1; before !== left.size; ) {
    before = left.size
    for (const part of parts) {
      if ([...left].some((other) => [...other.fields].some((field) => part.fields.has(field)))) left.add(part)
    }
  }
  return left
}
