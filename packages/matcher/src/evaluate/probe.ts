import { compileTest, inRange, type Test } from '../leaf/compile-test.js'
import type { Wanted } from '../leaf/wanted.js'
import type { Scalar } from '../pattern.js'

/** An alternative as a leaf keeps it: an exact one is the value itself, for the room of an object. */
type Kept = Scalar | Exclude<Wanted, { readonly kind: 'exact' }>

/** A leaf as it is asked: where its field stands in a reading, and what is wanted. There are very many of them. */
export class Probe {
  readonly slot: number
  /** The only alternative by itself, for the room of a list. */
  private readonly kept: Kept | readonly Kept[]
  private test: Test | undefined = undefined

  constructor(alternatives: readonly Wanted[], slot: number) {
    const [only] = alternatives
    this.slot = slot
    this.kept = alternatives.length === 1 && only !== undefined ? keep(only) : alternatives.map(keep)
  }

  get alternatives(): readonly Wanted[] {
    return isOne(this.kept) ? [wantedOf(this.kept)] : this.kept.map(wantedOf)
  }

  /** Whether absence of the field is one of the alternatives. */
  get absent(): boolean {
    return isOne(this.kept) ? isAbsent(this.kept) : this.kept.some(isAbsent)
  }

  holds(value: Scalar): boolean {
    const { kept } = this
    if (isScalar(kept)) return value === kept
    if (isOne(kept)) {
      switch (kept.kind) {
        case 'prefix':
          return typeof value === 'string' && value.startsWith(kept.text)
        case 'suffix':
          return typeof value === 'string' && value.endsWith(kept.text)
        case 'range':
          return typeof value === 'number' && inRange(kept.range, value)
        case 'exists':
          return true
        case 'absent':
          return false
      }
    }
    return this.tested.holds(value)
  }

  /** The most steps that testing this value can take. */
  costOf(value: Scalar): number {
    return this.tested.costOf(value)
  }

  /** Whether the other one asks the same of the same field. */
  asksLike(other: Probe): boolean {
    if (this === other) return true
    if (this.slot !== other.slot) return false
    if (isScalar(this.kept) || isScalar(other.kept)) return this.kept === other.kept
    return same(this.kept, other.kept)
  }

  /** A number that is the same for leaves that ask the same. */
  get hash(): number {
    const { kept } = this
    // Infinity is written as null, which is good enough for a number that others may share.
    return Math.imul(this.slot, 31) + hashText(typeof kept === 'string' ? kept : JSON.stringify(kept))
  }

  /** Of very many leaves few are ever asked, so each makes its test when it first is. */
  private get tested(): Test {
    this.test ??= compileTest(this.alternatives)
    return this.test
  }
}

/** A branch ready to be asked: its leaves in the same order. */
export type Branch = readonly Probe[]

function keep(wanted: Wanted): Kept {
  return wanted.kind === 'exact' ? wanted.value : wanted
}

function wantedOf(kept: Kept): Wanted {
  return isScalar(kept) ? { kind: 'exact', value: kept } : kept
}

function isOne(kept: Kept | readonly Kept[]): kept is Kept {
  return !Array.isArray(kept)
}

function isScalar(kept: Kept | readonly Kept[]): kept is Scalar {
  return typeof kept !== 'object' || kept === null
}

function isAbsent(kept: Kept): boolean {
  return !isScalar(kept) && kept.kind === 'absent'
}

function hashText(text: string): number {
  let hash = 0
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash, 31) + text.charCodeAt(at)
  return hash
}

/** Whether plain data is the same. Alternatives of one kind have their properties in one order. */
function same(one: unknown, other: unknown): boolean {
  if (one === other) return true
  if (typeof one !== 'object' || typeof other !== 'object' || one === null || other === null) return false
  const [ours, theirs] = [Object.entries(one), Object.entries(other)]
  return (
    ours.length === theirs.length &&
    ours.every(([name, value], at) => theirs[at]?.[0] === name && same(value, theirs[at]?.[1]))
  )
}
