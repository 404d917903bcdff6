import { failsPlainly } from '../evaluate/evaluate.js'
import type { Probe } from '../evaluate/probe.js'
import type { Wanted } from '../leaf/wanted.js'
import type { Reading } from '../read/reading.js'
import type { Work } from '../work.js'
import { type BroadGroup, createBroadGroup, isBroad } from './broad-group.js'
import { chooseAnchor } from './choose-anchor.js'
import type { Effort } from './effort.js'
import { createFieldTable, type FieldTable, removeOne } from './field-table.js'
import type { Posting } from './posting.js'

/*
Every branch is filed once, under one of its leaves, the anchor, by all alternatives of that leaf. A branch can only hold
if its anchor does, and the anchor only if some value of its field leads to one of those alternatives. Broad branches
stand together in groups, one for each anchored field; see broad-group.ts. Without an anchor a branch is looked at for
every event.

Which leaf is selective is a matter of the events. A branch that came up in vain some times is filed under the leaf that
failed last, and has twice the patience there; so a branch ends up where it is seldom looked at, and does not wander.
*/

export interface Filing {
  file(posting: Posting): void
  unfile(posting: Posting): void
  /** Files a posting under a leaf that would have kept it from coming up for this event, if it has one. */
  move(posting: Posting, reading: Reading): void
  /** Visits what may hold for an event; not all of it when the work is used up. */
  find(reading: Reading, visits: Visits, work: Work): void
  counts(): { readonly postings: number; readonly unanchored: number }
}

export interface Visits {
  /** It has to be looked at; `isSure`: but not at its anchor, which holds. */
  readonly verify: (posting: Posting, isSure: boolean) => void
  readonly verifyWhole: (posting: Posting) => void
  /** It holds. */
  readonly accept: (posting: Posting) => void
}

/** How often a branch may come up in vain before it is filed anew, at first and at most. */
const firstPatience = 8
const mostPatience = 2 ** 28

export function createFiling(effort: Effort): Filing {
  const tables: (FieldTable | undefined)[] = []
  /** By slot plus one: at the beginning stands the group of those without an anchor. */
  const groups: (BroadGroup | undefined)[] = []
  const unanchored: Posting[] = []

  const costOf = ({ slot }: Probe, wanted: Wanted): number => (tables[slot] ?? noTable).cost(wanted)
  const crowd = ({ slot }: Probe): number => groups[slot + 1]?.size ?? 0

  function file(posting: Posting, anchor: number): void {
    const probe = posting.branch[anchor]
    posting.anchor = anchor
    posting.patience = patienceAfter(posting.moves++)
    if (probe === undefined) {
      unanchored.push(posting)
      return
    }
    const table = tables[probe.slot] ?? createFieldTable(effort)
    tables[probe.slot] = table
    for (const wanted of probe.alternatives) table.add(wanted, posting)
  }

  function fileBroadly(posting: Posting): boolean {
    const anchor = chooseAnchor(posting.branch, crowd)
    const slot = posting.branch[anchor]?.slot ?? -1
    const group = groups[slot + 1] ?? createBroadGroup(effort)
    if (!group.accepts(posting.branch)) return false
    groups[slot + 1] = group
    posting.anchor = anchor
    group.add(posting)
    return true
  }

  function unfile(posting: Posting): void {
    const anchor = posting.branch[posting.anchor]
    const slot = anchor?.slot ?? -1
    if (posting.at >= 0) {
      groups[slot + 1]?.remove(posting)
      if (groups[slot + 1]?.size === 0) groups[slot + 1] = undefined
    } else if (anchor === undefined) removeOne(unanchored, posting)
    else {
      for (const wanted of anchor.alternatives) tables[slot]?.remove(wanted, posting)
      if (tables[slot]?.size === 0) tables[slot] = undefined
    }
  }

  return {
    file(posting) {
      if (isBroad(posting.branch) && fileBroadly(posting)) return
      file(posting, chooseAnchor(posting.branch, costOf))
    },
    unfile,
    move(posting, reading) {
      const { branch, anchor } = posting
      const better = chooseAnchor(branch, costOf, (probe, at) => at !== anchor && failsPlainly(probe, reading))
      if (better < 0) posting.patience = patienceAfter(posting.moves++)
      else {
        unfile(posting)
        file(posting, better)
      }
    },
    find(reading, { verify, verifyWhole, accept }, work) {
      for (let at = 0; at < reading.count; at++) {
        const slot = reading.held[at] as number
        groups[slot + 1]?.find(reading, { accept, verifyWhole }, work)
        const table = tables[slot]
        if (table === undefined) continue
        table.findAny(verify)
        const several = reading.several[slot]
        if (several === undefined) table.find(reading.single[slot] ?? null, verify)
        else table.findEach(new Set(several.values), verifyWhole, work)
      }
      groups[0]?.find(reading, { accept, verifyWhole }, work)
      for (const posting of unanchored) verifyWhole(posting)
    },
    counts() {
      let postings = 0
      for (const table of tables) postings += table?.size ?? 0
      for (const group of groups.slice(1)) postings += group?.size ?? 0
      return { postings, unanchored: unanchored.length + (groups[0]?.size ?? 0) }
    },
  }
}

/** A small integer always: any other number would be an object beside each posting. */
function patienceAfter(moves: number): number {
  return moves < 25 ? firstPatience << moves : mostPatience
}

/** Nothing is filed in it, so nothing is crowded. */
const noTable = createFieldTable({ steps: 0 })
