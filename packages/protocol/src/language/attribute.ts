import { readWithin } from './budget.js'
import { compileExpression } from './evaluate.js'
import { checkLength, parse } from './parse.js'
import { print } from './print.js'
import { type Context, walk } from './walk.js'

/** An attribute expression, ready to be read. */
export interface CompiledAttribute {
  /**
   * The same expression without white space, with the fields of tails sorted by key, names quoted only where they must
   * be and aliases kept only where they rename. Reading it gives what reading the original gives.
   */
  readonly canonical: string
  /**
   * Reads the expression. Absent is null; with `[]` somewhere on the path the value is a list, perhaps empty. A bare
   * object is given as it is, not copied. An Unavailable met on the way is the value.
   */
  read(record: unknown, context?: Context): unknown
}

/**
 * Compiles one attribute expression, such as `owner{who:name,all:roles[]}` or `$before.state!'none'`.
 *
 * @throws RecordcastError expression-empty, expression-syntax, expression-unknown-scalar, expression-too-deep (over 16
 * steps or 16 alternatives), expression-too-long (over 4 KiB); with `position`, `found` and `expected`.
 */
export function compileAttribute(text: string): CompiledAttribute {
  const expression = parse(text)
  const canonical = print(expression)
  checkLength(canonical)
  const evaluate = compileExpression(expression, walk)
  return {
    canonical,
    read: (record, context) => readWithin(evaluate, record, context),
  }
}
