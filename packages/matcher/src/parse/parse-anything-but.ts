import type { Wanted } from '../leaf/wanted.js'
import { invalid, isObject, within } from '../refuse.js'
import { onlyEntry } from './only-entry.js'
import { parseWildcard } from './parse-wildcard.js'

const affixes = ['prefix', 'suffix', 'equals-ignore-case', 'wildcard']

/** Reads the operand of `anything-but`: texts or numbers, or one operator over texts. */
export function parseAnythingBut(operand: unknown, pointer: string): Wanted {
  if (isObject(operand)) {
    const [operator, of] = onlyEntry(operand, pointer, affixes)
    const place = within(pointer, operator)
    return { kind: 'but', none: members(of, place).map(([text, at]) => refusedText(operator, text, at)) }
  }
  const found = members(operand, pointer)
  const type = typeof found[0]?.[0]
  return { kind: 'but', none: found.map(([value, at]) => refusedValue(type, value, at)) }
}

function members(operand: unknown, pointer: string): [value: unknown, pointer: string][] {
  if (!Array.isArray(operand)) return [[operand, pointer]]
  if (operand.length === 0) throw invalid(pointer, operand, 'at least one value')
  return operand.map((value, index) => [value, within(pointer, index)])
}

function refusedValue(type: string, value: unknown, pointer: string): Wanted {
  const isValue = typeof value === 'string' || (typeof value === 'number' && Number.isFinite(value))
  if (!isValue || typeof value !== type) throw invalid(pointer, value, 'texts only or numbers only')
  return { kind: 'exact', value }
}

function refusedText(operator: string, text: unknown, pointer: string): Wanted {
  if (typeof text !== 'string') throw invalid(pointer, text, 'a text')
  switch (operator) {
    case 'wildcard':
      return { kind: 'wildcard', parts: parseWildcard(text, pointer) }
    case 'equals-ignore-case':
      return { kind: 'same-letters', text }
    default:
      if (text === '') throw invalid(pointer, text, 'a text that is not empty')
      return { kind: operator === 'prefix' ? 'prefix' : 'suffix', text }
  }
}
