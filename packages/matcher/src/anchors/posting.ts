import type { Branch } from '../evaluate/probe.js'

/** One branch of one pattern in the index, found by the alternatives of its anchor. */
export interface Posting {
  /** undefined: it is the entry itself. */
  readonly entry: Entry<unknown> | undefined
  readonly branch: Branch
  /** Which of its leaves it is filed under; -1: none. */
  anchor: number
  /** The event for which it was last verified, by number: a posting is verified once an event. */
  seen: number
  /** How often it may still come up in vain before it is filed under another leaf. */
  patience: number
  /** How often it has been filed. */
  moves: number
  /** Its place in a group of broad branches; -1: it is in none. */
  at: number
}

/** Takes what a look-up finds. `isSure`: the leaf under which the posting is filed holds for the value. */
export type Visit = (posting: Posting, isSure: boolean) => void

/**
 * One distinct pattern, shared by every key that was added with it. It is the posting of its first branch as well, since most have one, and
 * stands for its key, since most have one of those too.
 */
export interface Entry<Key> extends Posting {
  readonly entry: undefined
  /** The postings of the other branches. */
  readonly more: readonly Posting[]
  readonly fields: Fields
  readonly hash: number
  /** The next entry in its chain; see entries.ts. */
  next: Entry<Key> | undefined
  /** The event that it last matched, by number. */
  matched: number
  /** Its only key; undefined as long as it is new, and where it has several. */
  key: Key | undefined
  /** Where that key stands among all keys; -1: there is none. */
  place: number
  /** Its keys, once there were several. */
  members: Member<Key>[] | undefined
}

/** One of several keys of a pattern, or one that wants every event. */
export class Member<Key> {
  readonly key: Key
  readonly place: number
  /** Its pattern; undefined: every event matches. */
  readonly entry: Entry<Key> | undefined
  /** Position among the members of the same pattern. */
  at: number

  constructor(key: Key, place: number, entry: Entry<Key> | undefined, at: number) {
    this.key = key
    this.place = place
    this.entry = entry
    this.at = at
  }
}

const noMore: readonly Posting[] = []

export function createEntry<Key>(branches: readonly Branch[], fields: Fields, hash: number): Entry<Key> {
  const [first = []] = branches
  const more: Posting[] = []
  // Written out, for an object that is spread together takes twice the room.
  const entry: Entry<Key> = {
    entry: undefined,
    branch: first,
    anchor: -1,
    seen: 0,
    patience: 0,
    moves: 0,
    at: -1,
    more: branches.length > 1 ? more : noMore,
    fields,
    hash,
    next: undefined,
    matched: 0,
    key: undefined,
    place: -1,
    members: undefined,
  }
  for (const branch of branches.slice(1))
    more.push({ entry, branch, anchor: -1, seen: 0, patience: 0, moves: 0, at: -1 })
  return entry
}

export function postingsOf(entry: Entry<unknown>): readonly Posting[] {
  return [entry, ...entry.more]
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
