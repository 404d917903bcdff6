import { compilePattern } from './compile-pattern.js'
import type { Explanation } from './evaluate/describe-leaves.js'

/**
 * Says for every leaf of a pattern which field it reads, what it wanted, what it found and whether it held.
 *
 * @throws RecordcastError as compilePattern does.
 */
export function explain(pattern: unknown, event: unknown): Explanation {
  return compilePattern(pattern).evaluate(event)
}
