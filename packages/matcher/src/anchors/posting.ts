import type { Branch } from '../evaluate/probe.js'

/** One branch of one pattern in the index, found by the alternatives of its anchor. */
export interface Posting {
  readonly entry: Entry<unknown>
  readonly branch: Branch
  /** Which of its leaves it is filed under; -1: none. */
  anchor: number
  /** The event for which it was last verified, by number: a posting is verified once an event. */
  seen: number
  /** How often it may still come up in vain before it is filed under another leaf. */
  patience: number
  /** How often it has been filed. */
  moves: number
}

/** One distinct pattern, shared by every key that was added with it. */
export interface Entry<Owner> {
  readonly fields: Fields
  readonly postings: OneOrMore<Posting>
  readonly hash: number
  /** The next entry of the same hash. */
  next: Entry<Owner> | undefined
  /** What stands for it outside of the index; undefined as long as it is new. */
  owner: Owner | undefined
  /** The event that it last matched, by number. */
  matched: number
}

/** The fields that a pattern reads, shared by all patterns that read the same. */
export interface Fields {
  readonly key: string
  readonly paths: readonly (readonly string[])[]
  /** Their positions in a reading, by dotted name. */
  readonly slotOf: ReadonlyMap<string, number>
  /** How many patterns read them. */
  patterns: number
}

/** Nearly always it is one, which then needs no list. No item is a list itself. */
export type OneOrMore<T> = T | T[]

export function isOne<T>(items: OneOrMore<T>): items is T {
  return !Array.isArray(items)
}

/** The items as a list. */
export function listOf<T>(items: OneOrMore<T> | undefined): readonly T[] {
  if (items === undefined) return []
  return isOne(items) ? [items] : items
}

/** Puts an item with the others. */
export function withOne<T>(items: OneOrMore<T> | undefined, item: T): OneOrMore<T> {
  if (items === undefined) return item
  if (isOne(items)) return [items, item]
  items.push(item)
  return items
}

/** Takes one occurrence out; undefined when nothing is left. The order of the others is not kept. */
export function withoutOne<T>(items: OneOrMore<T> | undefined, item: T): OneOrMore<T> | undefined {
  if (items === undefined) return undefined
  if (isOne(items)) return items === item ? undefined : items
  const at = items.lastIndexOf(item)
  const last = items.pop()
  if (last !== undefined && at >= 0 && at < items.length) items[at] = last
  else if (last !== undefined && at < 0) items.push(last)
  if (items.length > 1) return items
  return items[0]
}

export function sizeOf<T>(items: OneOrMore<T> | undefined): number {
  if (items === undefined) return 0
  return isOne(items) ? 1 : items.length
}
