import { type AnchorIndex, createAnchorIndex } from './anchors/anchor-index.js'
import { type Entry, Member } from './anchors/posting.js'
import { putInOrder } from './in-order.js'
import { type ReadPattern, readPattern } from './parse/read-pattern.js'

/** Many patterns, asked together. */
export interface Matcher<K> {
  /** How many keys there are. */
  readonly size: number
  /** The fields that any of the patterns reads, each once, as lists of names from the top of the event. */
  readonly paths: readonly (readonly string[])[]
  /** The keys, in the order in which they were added. */
  keys(): Iterable<K>
  /**
   * Adds a pattern under a key, or replaces the one that is there; the key then keeps its place. undefined: every event
   * matches, even one that is no object.
   *
   * @throws RecordcastError as compilePattern does; what was there before then stays.
   */
  add(key: K, pattern: unknown): void
  /** The same with a pattern that has been read. */
  addRead(key: K, pattern: ReadPattern | undefined): void
  /** Takes a key out. Returns whether it was there. */
  remove(key: K): boolean
  /**
   * The keys whose patterns match, each once, in the order in which they were added. Never throws. Keys that could not
   * be decided, since lists or texts of the event are too long for what their patterns compare, are among them, and
   * `undecided` is told of each: whoever gets the event has to ask `compilePattern(pattern).matches`, which says so.
   */
  match(event: unknown, undecided?: (key: K) => void): K[]
  /** What the index holds and has done, for tests and reports. All but `verified`, `accepted` and `steps` are 0 when it is empty. */
  counts(): MatcherCounts
}

export interface MatcherCounts extends ReturnType<AnchorIndex<never>['counts']> {
  /** Distinct patterns; keys with the same pattern share it. */
  readonly patterns: number
}

/** What stands for a key: the pattern itself where it is its only one. */
type Holder<K> = Entry<K> | Member<K>

/** Makes an index of patterns. Its cost an event follows the fields read and the candidates left, not the patterns. */
export function createMatcher<K>(): Matcher<K> {
  const index = createAnchorIndex<K>()
  const holders = new Map<K, Holder<K>>()
  /** Those that want every event. */
  const all: Member<K>[] = []
  let patterns = 0
  let places = 0
  /** Of the event that is being matched, so many; what stands behind them is left from others. */
  const found: Holder<K>[] = []
  let count = 0
  let tell: ((key: K) => void) | undefined

  function visit(entry: Entry<K>, undecided: boolean): void {
    const { members } = entry
    if (members === undefined) found[count++] = entry
    else for (const member of members) found[count++] = member
    if (undecided && tell !== undefined) for (const { key } of members ?? [entry]) tell(key as K)
  }

  function enter(key: K, place: number, entry: Entry<K> | undefined): Holder<K> {
    if (entry !== undefined && entry.members === undefined) {
      if (entry.place < 0) {
        patterns++
        entry.key = key
        entry.place = place
        return entry
      }
      const first = new Member(entry.key as K, entry.place, entry, 0)
      holders.set(first.key, first)
      entry.members = [first]
      forget(entry)
    }
    const group = entry?.members ?? all
    const member = new Member(key, place, entry, group.length)
    group.push(member)
    return member
  }

  function leave(holder: Holder<K>): void {
    if (holder instanceof Member) {
      const { entry, at } = holder
      const group = entry?.members ?? all
      const last = group.pop()
      if (last !== undefined && at < group.length) {
        group[at] = last
        last.at = at
      }
      if (entry !== undefined && group.length === 0) drop(entry)
    } else drop(holder)
  }

  function drop(entry: Entry<K>): void {
    forget(entry)
    entry.members = undefined
    patterns--
    index.remove(entry)
  }

  function add(key: K, pattern: ReadPattern | undefined): void {
    const before = holders.get(key)
    const entry = pattern && index.add(pattern.parsed)
    if (before !== undefined && entryOf(before) === entry) return
    holders.set(key, enter(key, before?.place ?? places++, entry))
    if (before !== undefined) leave(before)
  }

  return {
    get size() {
      return holders.size
    },
    get paths() {
      return index.paths()
    },
    keys: () => holders.keys(),
    add: (key, pattern) => add(key, pattern === undefined ? undefined : readPattern(pattern)),
    addRead: add,
    remove(key) {
      const holder = holders.get(key)
      if (holder === undefined) return false
      holders.delete(key)
      leave(holder)
      // So that it does not keep what is gone.
      found.length = 0
      return true
    },
    match(event, undecided) {
      tell = undecided
      count = 0
      for (const member of all) found[count++] = member
      index.match(event, visit)
      if (count === 0) return []
      putInOrder(found, count)
      const keys = new Array<K>(count)
      for (let at = 0; at < count; at++) keys[at] = (found[at] as Holder<K>).key as K
      return keys
    },
    counts: () => ({ patterns: patterns + Math.min(1, all.length), ...index.counts() }),
  }
}

/** It stands for no key of its own any more. */
function forget(entry: Entry<unknown>): void {
  entry.key = undefined
  entry.place = -1
}

function entryOf<K>(holder: Holder<K>): Entry<K> | undefined {
  return holder instanceof Member ? holder.entry : holder
}
