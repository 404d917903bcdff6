import type { Scalar } from '../pattern.js'
import { steps } from '../work.js'
import { anyPrefix, anySuffix } from './affixes.js'
import { anyAddress } from './any-address.js'
import { anyIgnoringCase, ignoreCase, mostStretch } from './ignore-case.js'
import { digitsOf } from './ip-range.js'
import { isNumeric, type NumberRange, type Wanted } from './wanted.js'
import { wildcard } from './wildcard.js'

type Kind = Wanted['kind']

/** Tells whether one of the alternatives holds for a value. Absence is not a matter of values and not tested here. */
export interface Test {
  holds(value: Scalar): boolean
  /** The most steps that one value can take; see work.ts. */
  costOf(value: Scalar): number
}

/** Tests that are run one after the other, and how far into a text they look together. */
interface Parts {
  readonly tests: ((value: Scalar) => boolean)[]
  /** How many of them there are, those counted that a test tries one after the other. */
  count: number
  /** Steps a code unit, up to a length. */
  readonly reads: { readonly steps: number; readonly upTo: number }[]
}

export function compileTest(alternatives: readonly Wanted[]): Test {
  const parts: Parts = { tests: [], count: 0, reads: [] }
  addTests(alternatives, parts)
  const { tests, reads } = parts
  const count = tests.length + parts.count
  const [only] = tests
  return {
    holds: tests.length === 1 && only !== undefined ? only : (value) => tests.some((test) => test(value)),
    costOf(value) {
      let cost = steps.test * count
      if (typeof value !== 'string') return cost
      for (const read of reads) cost += read.steps * Math.min(value.length, read.upTo)
      return cost
    },
  }
}

/** Steps that reading one code unit takes, by what is done with it. */
const unit = { hash: 1 / 8, compare: 1 / 32, search: 3, fold: 4, reverse: 8, address: 32 }

function addTests(alternatives: readonly Wanted[], parts: Parts): void {
  const { tests, reads } = parts
  const of = <K extends Kind>(kind: K) =>
    alternatives.filter((wanted): wanted is Wanted & { kind: K } => wanted.kind === kind)
  const texts = (kind: 'prefix' | 'suffix' | 'same-letters') => of(kind).map(({ text }) => text)
  const testText = (test: (value: string) => boolean, steps: number, upTo = Number.POSITIVE_INFINITY): void => {
    tests.push((value) => typeof value === 'string' && test(value))
    reads.push({ steps, upTo })
  }

  const exact = of('exact').map(({ value }) => value)
  if (exact.length > 0) {
    const values = new Set<Scalar>(exact)
    tests.push((value) => values.has(value))
    reads.push({ steps: unit.hash, upTo: Number.POSITIVE_INFINITY })
  }
  if (of('prefix').length > 0) testText(anyPrefix(texts('prefix')), unit.compare * 16, longest(texts('prefix')))
  if (of('suffix').length > 0) testText(anySuffix(texts('suffix')), unit.reverse, longest(texts('suffix')))
  const letters = texts('same-letters')
  if (letters.length > 0) {
    const { holds, most } = anyIgnoringCase(letters)
    testText(holds, unit.fold, longest(letters) * mostStretch)
    parts.count += most
  }
  for (const { text } of of('prefix-letters')) testText(ignoreCase(text, 'start'), unit.fold, text.length * 4)
  for (const { text } of of('suffix-letters')) testText(ignoreCase(text, 'end'), unit.fold, text.length * 4)
  for (const wanted of of('wildcard')) testText(wildcard(wanted.parts), unit.search)
  for (const { range } of of('range')) tests.push((value) => typeof value === 'number' && inRange(range, value))
  if (of('ip').length > 0) {
    tests.push(testAddress(alternatives, of('ip')))
    reads.push({ steps: unit.address, upTo: 64 })
  }
  for (const { none } of of('but')) {
    const any: Parts = { tests: [], count: 0, reads }
    addTests(none, any)
    parts.count += any.tests.length + any.count
    tests.push((value) => !any.tests.some((test) => test(value)))
  }
  if (of('exists').length > 0) tests.push(() => true)
}

function longest(texts: readonly string[]): number {
  return texts.reduce((most, text) => Math.max(most, text.length), 0)
}

function testAddress(
  alternatives: readonly Wanted[],
  addresses: readonly (Wanted & { kind: 'ip' })[],
): (value: Scalar) => boolean {
  const any = anyAddress(addresses.map(({ range }) => range))
  const numbersAreText = !alternatives.some(isNumeric)
  return (value) => {
    if (typeof value === 'number' && !numbersAreText) return false
    const digits = digitsOf(value)
    return digits !== undefined && any(digits)
  }
}

export function inRange({ low, lowOpen, high, highOpen }: NumberRange, value: number): boolean {
  return (lowOpen ? value > low : value >= low) && (highOpen ? value < high : value <= high)
}
