import type { Parsed } from '../parse/leaf.js'
import { createFieldTree } from '../read/field-tree.js'
import { readEvent } from '../read/read-event.js'
import { Reading } from '../read/reading.js'
import { createWork } from '../work.js'
import { createEntries } from './entries.js'
import { createFiling } from './filing.js'
import { createEntry, type Entry, type Posting, postingsOf } from './posting.js'
import { createProbes } from './probes.js'
import { hashOf } from './same-branches.js'
import { createSharedFields } from './shared-fields.js'
import { createVerifier, type Visitor } from './verifier.js'

/*
An event is read once, each value of each anchored field is looked up (filing.ts), and what comes up is looked at as a
whole (verifier.ts). What is kept for an event (the reading, the numbers of what was seen) is kept in one place and used
again, so an event that nobody wants leaves no garbage.
*/

export interface AnchorIndex<Key> {
  /** Gives the entry of a pattern that asks the same, if there is one; else a new one, which has no key yet. */
  add(parsed: Parsed): Entry<Key>
  remove(entry: Entry<Key>): void
  /** Visits every pattern that matches, and every one that could not be decided, each once. */
  match(event: unknown, visit: Visitor<Key>): void
  paths(): readonly (readonly string[])[]
  /**
   * What the index holds: all zero when nothing is left in it. `verified` counts the branches looked at since the
   * beginning, `accepted` those that hold without having been looked at, `steps` what look-ups and branches have cost.
   */
  counts(): {
    readonly fields: number
    readonly postings: number
    readonly unanchored: number
    readonly verified: number
    readonly accepted: number
    readonly steps: number
  }
}

/** Above so many names of one object that somebody reads, the names of the event are walked instead. */
const manyNames = 64

export function createAnchorIndex<Key>(): AnchorIndex<Key> {
  const tree = createFieldTree()
  const fields = createSharedFields(tree)
  const probes = createProbes()
  const entries = createEntries<Key>()
  const effort = { steps: 0 }
  const filing = createFiling(effort)
  const reading = new Reading()
  const verifier = createVerifier<Key>(reading, effort)

  return {
    add(parsed) {
      const read = fields.acquire(parsed)
      const branches = parsed.branches.map((branch) =>
        branch.map((leaf) => probes.get(leaf.alternatives, read.slotOf.get(leaf.name) ?? -1)),
      )
      const hash = hashOf(branches)
      const known = entries.find(hash, read, branches)
      if (known !== undefined) {
        fields.release(read)
        return known
      }
      const entry = createEntry<Key>(branches, read, hash)
      entries.put(entry)
      for (const posting of postingsOf(entry)) filing.file(posting)
      return entry
    },
    remove(entry) {
      for (const posting of postingsOf(entry)) filing.unfile(posting)
      fields.release(entry.fields)
      entries.remove(entry)
    },
    match(event, visit) {
      const work = createWork()
      try {
        if (readEvent(tree, event, work, reading, manyNames) === undefined) return
        verifier.begin(visit, work)
        if (work.left >= 0) filing.find(reading, verifier.visits, work)
        if (work.left < 0) entries.forEach(verifier.giveUp)
        const misfiled = verifier.end()
        while (misfiled.length > 0) filing.move(misfiled.pop() as Posting, reading)
      } finally {
        reading.clear()
      }
    },
    paths: () => tree.paths(),
    counts() {
      const { verified, accepted } = verifier
      return { fields: tree.paths().length, ...filing.counts(), verified, accepted, steps: effort.steps }
    },
  }
}
