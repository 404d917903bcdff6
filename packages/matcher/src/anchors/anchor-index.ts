import { branchHolds, createLook } from '../evaluate/evaluate.js'
import { toBranches } from '../evaluate/to-branches.js'
import type { Leaf, Parsed } from '../parse/leaf.js'
import { createFieldTree } from '../read/field-tree.js'
import { readEvent } from '../read/read-event.js'
import { removeOne } from './affix-table.js'
import { chooseAnchor } from './choose-anchor.js'
import { createFieldTable, type FieldTable } from './field-table.js'
import type { Entry, Fields, Posting } from './posting.js'

/*
Every branch of a pattern is filed once, under one of its leaves, the anchor, by all alternatives of that leaf. A branch
can only hold if its anchor does, and the anchor only if some value of its field leads to one of those alternatives. So
an event is read once, each value of each anchored field is looked up, and what comes up is verified as a whole.
Branches without an anchor are verified for every event.
*/

export interface AnchorIndex {
  add(parsed: Parsed): Entry
  remove(entry: Entry): void
  /** Visits every pattern that matches, each once. */
  match(event: unknown, visit: (entry: Entry) => void): void
  paths(): string[][]
  /** What the index holds: all zero when nothing is left in it. `verified` counts branches since the beginning. */
  counts(): {
    readonly fields: number
    readonly postings: number
    readonly unanchored: number
    readonly verified: number
  }
}

export function createAnchorIndex(): AnchorIndex {
  const tree = createFieldTree()
  const tables = new Map<number, FieldTable>()
  const unanchored: Posting[] = []
  /** Patterns are many, the sets of fields that they read are few. */
  const shared = new Map<string, Fields>()
  let event = 0
  let verified = 0

  function tableAt(slot: number): FieldTable {
    const table = tables.get(slot) ?? createFieldTable()
    tables.set(slot, table)
    return table
  }

  function fieldsOf(parsed: Parsed): Fields {
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

  function fileBranch(entry: Entry, branch: readonly Leaf[]): () => void {
    const posting: Posting = { entry, branch, seen: 0 }
    const slotOf = (leaf: Leaf) => entry.branches.slotOf.get(leaf.name) ?? -1
    const anchor = chooseAnchor(branch, (leaf, wanted) => (tables.get(slotOf(leaf)) ?? noTable).cost(wanted))
    if (anchor === undefined) {
      unanchored.push(posting)
      return () => removeOne(unanchored, posting)
    }
    const slot = slotOf(anchor)
    for (const wanted of anchor.alternatives) tableAt(slot).add(wanted, posting)
    return () => {
      for (const wanted of anchor.alternatives) tables.get(slot)?.remove(wanted, posting)
      if (tables.get(slot)?.size === 0) tables.delete(slot)
    }
  }

  return {
    add(parsed) {
      const fields = fieldsOf(parsed)
      const entry: Entry = { branches: toBranches(parsed, fields.slotOf), fields, matched: 0, undo: [] }
      entry.undo = parsed.branches.map((branch) => fileBranch(entry, branch))
      return entry
    },
    remove({ undo, fields }) {
      for (const step of undo) step()
      if (--fields.patterns > 0) return
      for (const path of fields.paths) tree.release(path)
      shared.delete(fields.key)
    },
    match(candidate, visit) {
      const reading = readEvent(tree, candidate)
      if (reading === undefined) return
      event++
      const looks = new Map<Entry, ReturnType<typeof createLook>>()
      const verify = (posting: Posting) => {
        const { entry, branch } = posting
        if (posting.seen === event || entry.matched === event) return
        posting.seen = event
        verified++
        if (!branchHolds(branch, lookOf(entry), reading.ambiguous)) return
        entry.matched = event
        visit(entry)
      }
      const lookOf = (entry: Entry) => {
        const known = looks.get(entry)
        if (known !== undefined) return known
        const look = createLook(entry.branches, reading)
        if (entry.branches.branches.length > 1) looks.set(entry, look)
        return look
      }
      for (const slot of reading.held) {
        const table = tables.get(slot)
        if (table !== undefined) table.find(new Set(reading.fields[slot]?.values), verify)
      }
      for (const posting of unanchored) verify(posting)
    },
    paths: () => tree.paths(),
    counts() {
      let postings = 0
      for (const table of tables.values()) postings += table.size
      return { fields: tree.paths().length, postings, unanchored: unanchored.length, verified }
    },
  }
}

const noTable = createFieldTable()
