import { branchHolds, createLook, failsPlainly, holdsPlainly, type Look } from '../evaluate/evaluate.js'
import type { Branch, Probe } from '../evaluate/probe.js'
import type { Wanted } from '../leaf/wanted.js'
import type { Parsed } from '../parse/leaf.js'
import { createFieldTree } from '../read/field-tree.js'
import { readEvent } from '../read/read-event.js'
import { Reading } from '../read/reading.js'
import { createWork, type Work } from '../work.js'
import { chooseAnchor } from './choose-anchor.js'
import { createFieldTable, type FieldTable, removeOne } from './field-table.js'
import { createEntry, type Entry, type Fields, type Posting, postingsOf } from './posting.js'
import { createProbes } from './probes.js'
import { hashOf, sameBranches } from './same-branches.js'

/*
Every branch of a pattern is filed once, under one of its leaves, the anchor, by all alternatives of that leaf. A branch
can only hold if its anchor does, and the anchor only if some value of its field leads to one of those alternatives. So
an event is read once, each value of each anchored field is looked up, and what comes up is verified as a whole.
Branches without an anchor are verified for every event.

Which leaf is selective is a matter of the events. A branch that came up in vain some times is filed under the leaf that
failed last, and has twice the patience there; so a branch ends up where it is seldom looked at, and does not wander.

What is kept for an event (the reading, the numbers of what was seen) is kept in one place and used again, so an event
that nobody wants leaves no garbage.
*/

export interface AnchorIndex<Owner> {
  /** Gives the entry of a pattern that asks the same, if there is one; else a new one, which has no owner yet. */
  add(parsed: Parsed): Entry<Owner>
  remove(entry: Entry<Owner>): void
  /** Visits every pattern that matches, and every one that could not be decided, each once. */
  match(event: unknown, visit: (entry: Entry<Owner>, undecided: boolean) => void): void
  paths(): readonly (readonly string[])[]
  /** What the index holds: all zero when nothing is left in it. `verified` counts branches since the beginning. */
  counts(): {
    readonly fields: number
    readonly postings: number
    readonly unanchored: number
    readonly verified: number
  }
}

/** How often a branch may come up in vain before it is filed anew, at first; and how many are for one event. */
const firstPatience = 8
const mostMoves = 8

/** Above so many names of one object that somebody reads, the names of the event are walked instead. */
const manyNames = 64

export function createAnchorIndex<Owner>(): AnchorIndex<Owner> {
  const tree = createFieldTree()
  const tables: (FieldTable | undefined)[] = []
  const unanchored: Posting[] = []
  const entries = new Map<number, Entry<Owner>>()
  /** Patterns are many, the sets of fields that they read are few. */
  const shared = new Map<string, Fields>()
  const probes = createProbes()
  const reading = new Reading()
  let visitor: (entry: Entry<Owner>, undecided: boolean) => void = () => {}
  /** Of patterns with several branches that had to be looked at closely. */
  const looks = new Map<Entry<unknown>, Closely>()
  /** Postings to be filed anew when the event is through. */
  const misfiled: Posting[] = []
  let event = 0
  let verified = 0

  function acquire(parsed: Parsed): Fields {
    const paths = new Map(parsed.branches.flatMap((branch) => branch.map((leaf) => [leaf.name, leaf.path] as const)))
    const key = JSON.stringify([...paths.keys()])
    const known = shared.get(key)
    if (known !== undefined) {
      known.patterns++
      return known
    }
    const slotOf = new Map([...paths].map(([name, path]) => [name, tree.acquire(path)]))
    const fields = { key, paths: [...paths.values()], slotOf, patterns: 1 }
    shared.set(key, fields)
    return fields
  }

  function release(fields: Fields): void {
    if (--fields.patterns > 0) return
    for (const path of fields.paths) tree.release(path)
    shared.delete(fields.key)
  }

  const costOf = ({ slot }: Probe, wanted: Wanted): number => (tables[slot] ?? noTable).cost(wanted)

  function file(posting: Posting, anchor: number): void {
    const probe = posting.branch[anchor]
    posting.anchor = anchor
    posting.patience = firstPatience * 2 ** posting.moves++
    if (probe === undefined) {
      unanchored.push(posting)
      return
    }
    const table = tables[probe.slot] ?? createFieldTable()
    tables[probe.slot] = table
    for (const wanted of probe.alternatives) table.add(wanted, posting)
  }

  function unfile(posting: Posting): void {
    const anchor = posting.branch[posting.anchor]
    if (anchor === undefined) {
      removeOne(unanchored, posting)
      return
    }
    const table = tables[anchor.slot]
    for (const wanted of anchor.alternatives) table?.remove(wanted, posting)
    if (table?.size === 0) tables[anchor.slot] = undefined
  }

  function verify(posting: Posting): void {
    const entry = posting.entry ?? (posting as Entry<Owner>)
    if (posting.seen === event || entry.matched === event) return
    posting.seen = event
    verified++
    const holds = holdsPlainly(posting.branch, reading) ?? holdsClosely(entry, posting.branch)
    if (holds === false) {
      if (--posting.patience < 0 && misfiled.length < mostMoves) misfiled.push(posting)
      return
    }
    entry.matched = event
    visitor(entry as Entry<Owner>, holds === 'undecided')
  }

  /** Files a posting under a leaf that would have kept it from coming up, if it has one. */
  function move(posting: Posting): void {
    const { branch, anchor } = posting
    const better = chooseAnchor(branch, costOf, (probe, at) => at !== anchor && failsPlainly(probe, reading))
    if (better < 0) posting.patience = firstPatience * 2 ** posting.moves++
    else {
      unfile(posting)
      file(posting, better)
    }
  }

  function holdsClosely(entry: Entry<unknown>, branch: Branch): boolean | 'undecided' {
    const { look, work } = looks.get(entry) ?? lookClosely(entry)
    const holds = branchHolds(branch, look, reading.ambiguous, work)
    return work.left < 0 ? 'undecided' : holds
  }

  function lookClosely(entry: Entry<unknown>): Closely {
    const work = createWork()
    const branches = branchesOf(entry)
    const closely = { look: createLook(branches, reading, work), work }
    if (branches.length > 1) looks.set(entry, closely)
    return closely
  }

  function visitAll(): void {
    for (const first of entries.values()) {
      for (let entry: Entry<Owner> | undefined = first; entry !== undefined; entry = entry.next) visitor(entry, true)
    }
  }

  function findAll(): void {
    for (let at = 0; at < reading.count; at++) {
      const slot = reading.held[at] as number
      const table = tables[slot]
      if (table === undefined) continue
      table.findAny(verify)
      const several = reading.several[slot]
      if (several === undefined) table.find(reading.single[slot] ?? null, verify)
      else for (const value of new Set(several.values)) table.find(value, verify)
    }
    for (const posting of unanchored) verify(posting)
  }

  return {
    add(parsed) {
      const fields = acquire(parsed)
      const branches = parsed.branches.map((branch) =>
        branch.map((leaf) => probes.get(leaf.alternatives, fields.slotOf.get(leaf.name) ?? -1)),
      )
      const hash = hashOf(branches)
      const next = entries.get(hash)
      for (let known = next; known !== undefined; known = known.next) {
        if (known.fields !== fields || !sameBranches(branchesOf(known), branches)) continue
        release(fields)
        return known
      }
      const entry = createEntry<Owner>(branches, fields, hash)
      entry.next = next
      entries.set(hash, entry)
      for (const posting of postingsOf(entry)) file(posting, chooseAnchor(posting.branch, costOf))
      return entry
    },
    remove(entry) {
      for (const posting of postingsOf(entry)) unfile(posting)
      release(entry.fields)
      const first = entries.get(entry.hash)
      if (first !== entry) {
        let before = first
        while (before !== undefined && before.next !== entry) before = before.next
        if (before !== undefined) before.next = entry.next
      } else if (entry.next === undefined) entries.delete(entry.hash)
      else entries.set(entry.hash, entry.next)
    },
    match(candidate, visit) {
      event++
      visitor = visit
      const work = createWork()
      try {
        if (readEvent(tree, candidate, work, reading, manyNames) === undefined) return
        if (work.left < 0) visitAll()
        else findAll()
        while (misfiled.length > 0) move(misfiled.pop() as Posting)
      } finally {
        reading.clear()
        if (looks.size > 0) looks.clear()
      }
    },
    paths: () => tree.paths(),
    counts() {
      let postings = 0
      for (const table of tables) postings += table?.size ?? 0
      return { fields: tree.paths().length, postings, unanchored: unanchored.length, verified }
    },
  }
}

interface Closely {
  readonly look: Look
  readonly work: Work
}

function branchesOf(entry: Entry<unknown>): readonly Branch[] {
  return postingsOf(entry).map(({ branch }) => branch)
}

/** Nothing is filed in it, so nothing is crowded. */
const noTable = createFieldTable()
