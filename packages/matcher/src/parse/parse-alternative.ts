import { ipDigits } from '../leaf/ip-address.js'
import { parseCidr } from '../leaf/ip-range.js'
import type { Wanted } from '../leaf/wanted.js'
import { invalid, isObject, within } from '../refuse.js'
import { onlyEntry } from './only-entry.js'
import { parseAnythingBut } from './parse-anything-but.js'
import { parseNumeric } from './parse-numeric.js'
import { parseWildcard } from './parse-wildcard.js'

const operators: Readonly<Record<string, (operand: unknown, pointer: string) => Wanted>> = {
  exactly: (operand, pointer) => ({ kind: 'exact', value: text(operand, pointer) }),
  prefix: (operand, pointer) => affix('prefix', operand, pointer),
  suffix: (operand, pointer) => affix('suffix', operand, pointer),
  'equals-ignore-case': (operand, pointer) => ({ kind: 'same-letters', text: text(operand, pointer) }),
  wildcard: (operand, pointer) => ({ kind: 'wildcard', parts: parseWildcard(text(operand, pointer), pointer) }),
  'anything-but': parseAnythingBut,
  numeric: parseNumeric,
  exists: (operand, pointer) => {
    if (typeof operand !== 'boolean') throw invalid(pointer, operand, 'true or false')
    return { kind: operand ? 'exists' : 'absent' }
  },
  cidr: (operand, pointer) => {
    const range = parseCidr(text(operand, pointer))
    if ('expected' in range) throw invalid(pointer, operand, range.expected)
    return { kind: 'ip', range }
  },
}

/** Every operator, as it is written. */
export const operatorNames: readonly string[] = Object.keys(operators)

/** Reads one member of a list of alternatives. */
export function parseAlternative(alternative: unknown, pointer: string): Wanted {
  if (typeof alternative === 'string') {
    const digits = ipDigits(alternative)
    if (digits !== undefined) return { kind: 'ip', range: { low: digits, high: digits } }
    return { kind: 'exact', value: alternative }
  }
  if (alternative === null || typeof alternative === 'boolean') return { kind: 'exact', value: alternative }
  if (typeof alternative === 'number' && Number.isFinite(alternative)) return { kind: 'exact', value: alternative }
  if (!isObject(alternative)) throw invalid(pointer, alternative, 'a text, number, true, false, null or an operator')
  const [operator, operand] = onlyEntry(alternative, pointer, operatorNames)
  const parse = operators[operator] as (operand: unknown, pointer: string) => Wanted
  return parse(operand, within(pointer, operator))
}

function affix(kind: 'prefix' | 'suffix', operand: unknown, pointer: string): Wanted {
  if (!isObject(operand)) return { kind, text: text(operand, pointer) }
  const [operator, inner] = onlyEntry(operand, pointer, ['equals-ignore-case'])
  return { kind: `${kind}-letters`, text: text(inner, within(pointer, operator)) }
}

function text(operand: unknown, pointer: string): string {
  if (typeof operand !== 'string') throw invalid(pointer, operand, 'a text')
  return operand
}
