import type { Decision } from './decision.js'

/** One place of the log: an event that nobody had subscribed to, of which only the name is kept, or one with its decision. */
export interface Remembered {
  readonly id: string
  readonly type: string
  readonly subject: string
  readonly tenant: string | undefined
  /** Milliseconds; undefined: its id tells it. */
  readonly at: number | undefined
  readonly decision: Decision | undefined
}

type Slot = { -readonly [K in keyof Remembered]: Remembered[K] }

/*
The latest events and what was decided about them, for operators who ask why one did not arrive. A ring: once it is full its places are written over in place, so that an
event nobody wants costs a few writes and no memory. Of every `sample` events one is kept. Marks count the events kept since the source was made.
*/
export class Decisions {
  readonly keep: number
  readonly sample: number
  readonly #slots: Slot[] = []
  #kept = 0
  #next = 0
  #passedOver = 0

  constructor(keep: number, sample: number) {
    this.keep = keep
    this.sample = sample
  }

  /** Whether the next event is one to keep. To be asked once an event. */
  isDue(): boolean {
    if (this.keep === 0 || ++this.#passedOver < this.sample) return false
    this.#passedOver = 0
    return true
  }

  /** @param at when, unless the id tells */
  add(
    id: string,
    type: string,
    subject: string,
    tenant: string | undefined,
    at: number | undefined,
    decision: Decision | undefined,
  ): void {
    const slot = this.#slots[this.#next]
    if (slot === undefined) this.#slots.push({ id, type, subject, tenant, at, decision })
    else {
      slot.id = id
      slot.type = type
      slot.subject = subject
      slot.tenant = tenant
      slot.at = at
      slot.decision = decision
    }
    this.#kept++
    this.#next = this.#next + 1 === this.keep ? 0 : this.#next + 1
  }

  /** The latest event of that id. */
  find(id: string): Remembered | undefined {
    for (let mark = this.#kept; mark > this.#oldest; mark--) {
      const slot = this.#slotOf(mark)
      if (slot.id === id) return slot
    }
    return undefined
  }

  /** What came after a mark, oldest first, each with its own mark. A mark of an earlier life of the service may be higher than any here: then all is new. */
  *after(mark: number): Iterable<readonly [mark: number, event: Remembered]> {
    const from = mark > this.#kept ? 0 : mark
    for (let each = Math.max(from, this.#oldest) + 1; each <= this.#kept; each++) yield [each, this.#slotOf(each)]
  }

  /** The mark of the latest. */
  get last(): number {
    return this.#kept
  }

  get #oldest(): number {
    return Math.max(0, this.#kept - this.keep)
  }

  #slotOf(mark: number): Slot {
    return this.#slots[(mark - 1) % this.keep]!
  }
}
