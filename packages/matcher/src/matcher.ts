import { type AnchorIndex, createAnchorIndex } from './anchors/anchor-index.js'
import type { Entry } from './anchors/posting.js'
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
  /** The keys whose patterns match, each once, in the order in which they were added. Never throws. */
  match(event: unknown): K[]
  /** What the index holds and has done, for tests and reports. All but `verified` are 0 when it is empty. */
  counts(): MatcherCounts
}

export interface MatcherCounts extends ReturnType<AnchorIndex['counts']> {
  /** Distinct patterns; keys with the same pattern share it. */
  readonly patterns: number
}

interface Member<K> {
  readonly key: K
  readonly place: number
  readonly group: Group<K>
  /** Position within the group. */
  at: number
}

/** All keys with the same pattern. */
interface Group<K> {
  readonly text: string
  members: Member<K>[]
  readonly entry: Entry | undefined
}

/** Makes an index of patterns. Its cost an event follows the fields read and the candidates left, not the patterns. */
export function createMatcher<K>(): Matcher<K> {
  const index = createAnchorIndex()
  const members = new Map<K, Member<K>>()
  const groups = new Map<string, Group<K>>()
  const byEntry = new Map<Entry, Group<K>>()
  let places = 0

  function groupOf(pattern: unknown): Group<K> {
    const parsed = pattern === undefined ? undefined : parsePattern(pattern)
    const text = parsed === undefined ? '' : JSON.stringify(pattern)
    const known = groups.get(text)
    if (known !== undefined) return known
    const group: Group<K> = { text, members: [], entry: parsed && index.add(parsed) }
    groups.set(text, group)
    if (group.entry !== undefined) byEntry.set(group.entry, group)
    return group
  }

  function leave(member: Member<K>): void {
    const { group, at } = member
    const last = group.members.pop()
    if (last !== undefined && last !== member) {
      group.members[at] = last
      last.at = at
    }
    if (group.members.length > 0) return
    groups.delete(group.text)
    if (group.entry === undefined) return
    byEntry.delete(group.entry)
    index.remove(group.entry)
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
      const group = groupOf(pattern)
      if (before?.group === group) return
      const member = { key, place: before?.place ?? places++, group, at: group.members.length }
      // A list that begins with a member takes the room of one.
      if (group.members.length === 0) group.members = [member]
      else group.members.push(member)
      members.set(key, member)
      if (before !== undefined) leave(before)
    },
    remove(key) {
      const member = members.get(key)
      if (member === undefined) return false
      members.delete(key)
      leave(member)
      return true
    },
    match(event) {
      const found = [...(groups.get('')?.members ?? [])]
      index.match(event, (entry) => {
        for (const member of byEntry.get(entry)?.members ?? []) found.push(member)
      })
      return found.sort((a, b) => a.place - b.place).map(({ key }) => key)
    },
    counts: () => ({ patterns: groups.size, ...index.counts() }),
  }
}
