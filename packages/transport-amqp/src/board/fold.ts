import { isDeepStrictEqual } from 'node:util'
import type { Change, Message } from '@recordcast/transport'
import type { Entry } from './entry.js'

/** What stands on a board after the entries applied so far, the last changed last. */
export class Fold {
  readonly facts = new Map<string, Message>()
  /** Applied since the generation began: what a newcomer has to read. */
  entries = 0
  /** Keys announced in this generation: a copy comes too late for them, even if they were taken away again. */
  readonly #announced = new Set<string>()

  /** Applies an entry; the change it makes, if it makes one. */
  apply(entry: Entry): Change | undefined {
    this.entries++
    if (!('key' in entry)) return undefined
    const { key } = entry
    if (entry.type === 'copy') {
      if (this.#announced.has(key) || same(this.facts.get(key), entry.fact)) return undefined
      this.facts.set(key, entry.fact)
      return { type: 'fact', key, fact: entry.fact }
    }
    this.#announced.add(key)
    const stood = this.facts.get(key)
    this.facts.delete(key)
    if (entry.type === 'gone') return stood === undefined ? undefined : { type: 'gone', key }
    this.facts.set(key, entry.fact)
    return { type: 'fact', key, fact: entry.fact }
  }

  /** What stood before and is neither there nor was taken away: lost with the stream, or with its end. */
  missing(before: ReadonlyMap<string, Message>): readonly (readonly [string, Message])[] {
    return [...before].filter(([key]) => !this.facts.has(key) && !this.#announced.has(key))
  }

  /** Goes on in the next generation with what stands. */
  turn(): void {
    this.entries = 0
    this.#announced.clear()
  }

  /** What leads from an earlier state to this one. */
  *since(before: ReadonlyMap<string, Message>): Iterable<Change> {
    for (const key of before.keys()) if (!this.facts.has(key)) yield { type: 'gone', key }
    for (const [key, fact] of this.facts) if (!same(before.get(key), fact)) yield { type: 'fact', key, fact }
  }
}

/** Whether two facts, or the lack of them, are the same. */
export function same(one: Message | null | undefined, other: Message | null | undefined): boolean {
  if (one === other) return true
  if (!one || !other) return !one && !other
  const equal = one.id === other.id && Buffer.compare(one.body, other.body) === 0
  return equal && isDeepStrictEqual({ ...one.headers }, { ...other.headers })
}
