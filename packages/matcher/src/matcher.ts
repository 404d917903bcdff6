import { type AnchorIndex, createAnchorIndex } from './anchors/anchor-index.js'
import { type Entry, isOne, listOf, type OneOrMore } from './anchors/posting.js'
import { putInOrder } from './in-order.js'
import { parsePattern } from './parse/parse-pattern.js'

/** Many patterns, asked together. */
export interface Matcher<K> {
  /** How many keys there are. */
  readonly size: number
  /** The fields that any of the patterns reads, each once, as lists of names from the top of the event. */
  readonly paths: readonly (readonly string[])[]
  /**
   * Adds a pattern under a key, or replaces the one that is there; the key then keeps its place. undefined: every event
   * matches, even one that is no object.
   *
   * @throws RecordcastError as compilePattern does; what was there before then stays.
   */
  add(key: K, pattern: unknown): void
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

interface Member<K> {
  readonly key: K
  readonly place: number
  /** Its pattern; undefined: every event matches. */
  readonly entry: Entry<Members<K>> | undefined
  /** Position among the members of the same pattern. */
  at: number
}

type Members<K> = OneOrMore<Member<K>>

/** Makes an index of patterns. Its cost an event follows the fields read and the candidates left, not the patterns. */
export function createMatcher<K>(): Matcher<K> {
  const index = createAnchorIndex<Members<K>>()
  const members = new Map<K, Member<K>>()
  /** Those that want every event. */
  const all: Member<K>[] = []
  let patterns = 0
  let places = 0
  /** Of the event that is being matched, so many; what stands behind them is left from others. */
  const found: Member<K>[] = []
  let count = 0
  let tell: ((key: K) => void) | undefined

  function visit({ owner }: Entry<Members<K>>, undecided: boolean): void {
    if (owner === undefined) return
    if (isOne(owner)) found[count++] = owner
    else for (const member of owner) found[count++] = member
    if (undecided && tell !== undefined) for (const { key } of listOf(owner)) tell(key)
  }

  function enter(member: Member<K>): void {
    const { entry } = member
    if (entry === undefined) all.push(member)
    else if (entry.owner === undefined) {
      patterns++
      entry.owner = member
    } else if (isOne(entry.owner)) entry.owner = [entry.owner, member]
    else entry.owner.push(member)
  }

  function leave({ entry, at }: Member<K>): void {
    const group = entry === undefined ? all : entry.owner
    if (group !== undefined && !isOne(group)) {
      const last = group.pop()
      if (last !== undefined && at < group.length) {
        group[at] = last
        last.at = at
      }
      if (group.length > 0 || entry === undefined) return
    }
    if (entry === undefined) return
    entry.owner = undefined
    patterns--
    index.remove(entry)
  }

  function sizeOfGroup(entry: Entry<Members<K>> | undefined): number {
    return entry === undefined ? all.length : listOf(entry.owner).length
  }

  return {
    get size() {
      return members.size
    },
    get paths() {
      return index.paths()
    },
    add(key, pattern) {
      const before = members.get(key)
      const entry = pattern === undefined ? undefined : index.add(parsePattern(pattern))
      if (before !== undefined && before.entry === entry) return
      const member = { key, place: before?.place ?? places++, entry, at: sizeOfGroup(entry) }
      enter(member)
      members.set(key, member)
      if (before !== undefined) leave(before)
    },
    remove(key) {
      const member = members.get(key)
      if (member === undefined) return false
      members.delete(key)
      leave(member)
      // So that it does not keep what is gone.
      found.length = 0
      return true
    },
    match(event, undecided) {
      tell = undecided
      count = 0
      for (const member of all) found[count++] = member
      index.match(event, visit)
      const keys: K[] = []
      if (count === 0) return keys
      putInOrder(found, count)
      for (let at = 0; at < count; at++) keys.push((found[at] as Member<K>).key)
      return keys
    },
    counts: () => ({ patterns: patterns + Math.min(1, all.length), ...index.counts() }),
  }
}
