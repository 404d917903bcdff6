import type { Scalar } from '../pattern.js'
import { anyPrefix, anySuffix } from './affixes.js'
import { anyAddress } from './any-address.js'
import { anyIgnoringCase, ignoreCase } from './ignore-case.js'
import { digitsOf } from './ip-range.js'
import { isNumeric, type NumberRange, type Wanted } from './wanted.js'
import { wildcard } from './wildcard.js'

type Test = (value: Scalar) => boolean
type Kind = Wanted['kind']

/** A test for values of which one of the alternatives holds. Absence is not a matter of values and not tested here. */
export function compileTest(alternatives: readonly Wanted[]): Test {
  const of = <K extends Kind>(kind: K) =>
    alternatives.filter((wanted): wanted is Wanted & { kind: K } => wanted.kind === kind)
  const texts = (kind: 'prefix' | 'suffix' | 'same-letters') => of(kind).map(({ text }) => text)
  const tests: Test[] = []
  const testText = (test: (value: string) => boolean) => tests.push((value) => typeof value === 'string' && test(value))

  const exact = new Set<Scalar>(of('exact').map(({ value }) => value))
  if (exact.size > 0) tests.push((value) => exact.has(value))
  if (of('prefix').length > 0) testText(anyPrefix(texts('prefix')))
  if (of('suffix').length > 0) testText(anySuffix(texts('suffix')))
  if (of('same-letters').length > 0) testText(anyIgnoringCase(texts('same-letters')))
  for (const { text } of of('prefix-letters')) testText(ignoreCase(text, 'start'))
  for (const { text } of of('suffix-letters')) testText(ignoreCase(text, 'end'))
  for (const { parts } of of('wildcard')) testText(wildcard(parts))
  for (const { range } of of('range')) tests.push((value) => typeof value === 'number' && inRange(range, value))
  if (of('ip').length > 0) tests.push(testAddress(alternatives, of('ip')))
  for (const { none } of of('but')) {
    const any = compileTest(none)
    tests.push((value) => !any(value))
  }
  if (of('exists').length > 0) tests.push(() => true)
  return tests.length === 1 ? (tests[0] as Test) : (value) => tests.some((test) => test(value))
}

function testAddress(alternatives: readonly Wanted[], addresses: readonly (Wanted & { kind: 'ip' })[]): Test {
  const any = anyAddress(addresses.map(({ range }) => range))
  const numbersAreText = !alternatives.some(isNumeric)
  return (value) => {
    if (typeof value === 'number' && !numbersAreText) return false
    const digits = digitsOf(value)
    return digits !== undefined && any(digits)
  }
}

function inRange({ low, lowOpen, high, highOpen }: NumberRange, value: number): boolean {
  return (lowOpen ? value > low : value >= low) && (highOpen ? value < high : value <= high)
}
