import type { Wanted } from '../leaf/wanted.js'
import { invalid, within } from '../refuse.js'

const comparisons = ['=', '<', '<=', '>', '>=']

/** Reads the operand of `numeric`: one comparison, or a lower bound followed by an upper one that is greater. */
export function parseNumeric(operand: unknown, pointer: string): Wanted {
  if (!Array.isArray(operand)) throw invalid(pointer, operand, 'a list of a comparison and a number: [">", 0, "<=", 5]')
  const terms: readonly unknown[] = operand
  const operator = terms[0]
  if (typeof operator !== 'string' || !comparisons.includes(operator)) {
    throw invalid(within(pointer, 0), operator, `one of ${comparisons.join(' ')}`)
  }
  const bound = numberAt(terms, 1, pointer)
  const isLower = operator.startsWith('>')
  if (terms.length > 2 && !isLower)
    throw invalid(within(pointer, 2), terms[2], `nothing after ${operator} and its number`)
  if (operator === '=') return { kind: 'exact', value: bound }
  if (!isLower) return range(Number.NEGATIVE_INFINITY, false, bound, operator === '<')
  if (terms.length === 2) return range(bound, operator === '>', Number.POSITIVE_INFINITY, false)

  const second = terms[2]
  if (second !== '<' && second !== '<=') throw invalid(within(pointer, 2), second, '< or <=')
  const high = numberAt(terms, 3, pointer)
  if (terms.length > 4) throw invalid(within(pointer, 4), terms[4], 'nothing after the upper bound')
  if (!(bound < high)) throw invalid(within(pointer, 3), high, `an upper bound greater than ${bound}`)
  return range(bound, operator === '>', high, second === '<')
}

function numberAt(terms: readonly unknown[], at: number, pointer: string): number {
  const term = terms[at]
  if (typeof term !== 'number' || !Number.isFinite(term)) throw invalid(within(pointer, at), term, 'a number')
  return term
}

function range(low: number, lowOpen: boolean, high: number, highOpen: boolean): Wanted {
  return { kind: 'range', range: { low, lowOpen, high, highOpen } }
}
