import { compileTest, inRange, type Test } from '../leaf/compile-test.js'
import type { Wanted } from '../leaf/wanted.js'
import type { Scalar } from '../pattern.js'

/** A leaf as it is asked: where its field stands in a reading, and what is wanted. There are very many of them. */
export class Probe {
  readonly slot: number
  /** The only alternative by itself, for the room of a list. */
  private readonly wanted: Wanted | readonly Wanted[]
  private test: Test | undefined = undefined

  constructor(alternatives: readonly Wanted[], slot: number) {
    const [only] = alternatives
    this.slot = slot
    this.wanted = alternatives.length === 1 && only !== undefined ? only : alternatives
  }

  get alternatives(): readonly Wanted[] {
    return isOne(this.wanted) ? [this.wanted] : this.wanted
  }

  /** Whether absence of the field is one of the alternatives. */
  get absent(): boolean {
    if (isOne(this.wanted)) return this.wanted.kind === 'absent'
    return this.wanted.some(({ kind }) => kind === 'absent')
  }

  holds(value: Scalar): boolean {
    const { wanted } = this
    if (isOne(wanted)) {
      switch (wanted.kind) {
        case 'exact':
          return value === wanted.value
        case 'prefix':
          return typeof value === 'string' && value.startsWith(wanted.text)
        case 'suffix':
          return typeof value === 'string' && value.endsWith(wanted.text)
        case 'range':
          return typeof value === 'number' && inRange(wanted.range, value)
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

  /** Of very many leaves few are ever asked, so each makes its test when it first is. */
  private get tested(): Test {
    this.test ??= compileTest(this.alternatives)
    return this.test
  }
}

function isOne(wanted: Wanted | readonly Wanted[]): wanted is Wanted {
  return !Array.isArray(wanted)
}

/** A branch ready to be asked: its leaves in the same order. */
export type Branch = readonly Probe[]
