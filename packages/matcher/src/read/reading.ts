import type { Scalar } from '../pattern.js'
import type { Element } from './element.js'

/** What one field holds. The same position in both lists belongs together; undefined: under no list that matters. */
export interface Field {
  readonly values: Scalar[]
  readonly elements: (Element | undefined)[]
}

/**
 * The fields of one event, by slot of the tree. Most fields hold one value under no list: such a one stands in `single`
 * alone, and a reading that is cleared is filled again without making anything.
 */
export class Reading {
  /** The first value of each field; undefined: it holds none. */
  readonly single: (Scalar | undefined)[] = []
  /** Set where a field holds several values, or one under a list. */
  readonly several: (Field | undefined)[] = []
  /** Slots that hold something, as many as `count` says. */
  readonly held: number[] = []
  count = 0
  /** Whether an object spells the beginning of a name in two ways: "a.b" beside {"a": {"b"}}. */
  ambiguous = false

  keep(slot: number, value: Scalar, within: Element | undefined): void {
    const first = this.single[slot]
    if (first === undefined) {
      this.single[slot] = value
      this.held[this.count++] = slot
      if (within !== undefined) this.several[slot] = { values: [value], elements: [within] }
      return
    }
    let field = this.several[slot]
    if (field === undefined) {
      field = { values: [first], elements: [undefined] }
      this.several[slot] = field
    }
    field.values.push(value)
    field.elements.push(within)
  }

  field(slot: number): Field | undefined {
    const first = this.single[slot]
    if (first === undefined) return undefined
    return this.several[slot] ?? { values: [first], elements: [undefined] }
  }

  /** Lets go of the event. */
  clear(): void {
    for (let at = 0; at < this.count; at++) {
      const slot = this.held[at] as number
      this.single[slot] = undefined
      this.several[slot] = undefined
    }
    this.count = 0
    this.ambiguous = false
  }
}
