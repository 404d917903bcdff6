import type { Branch } from '../evaluate/probe.js'
import { type Entry, type Fields, postingsOf } from './posting.js'
import { hashOf, sameBranches } from './same-branches.js'

/** Distinct patterns, found by what they ask. */
export interface Entries<Owner> {
  /** The one that asks the same, or undefined. */
  find(fields: Fields, branches: readonly Branch[]): Entry<Owner> | undefined
  put(entry: Entry<Owner>): void
  remove(entry: Entry<Owner>): void
  forEach(visit: (entry: Entry<Owner>) => void): void
}

export function createEntries<Owner>(): Entries<Owner> {
  /** Those of one hash are linked one behind the other. */
  const firsts = new Map<number, Entry<Owner>>()

  return {
    find(fields, branches) {
      let known = firsts.get(hashOf(branches))
      while (known !== undefined && !(known.fields === fields && sameBranches(branchesOf(known), branches)))
        known = known.next
      return known
    },
    put(entry) {
      entry.next = firsts.get(entry.hash)
      firsts.set(entry.hash, entry)
    },
    remove(entry) {
      const first = firsts.get(entry.hash)
      if (first !== entry) {
        let before = first
        while (before !== undefined && before.next !== entry) before = before.next
        if (before !== undefined) before.next = entry.next
      } else if (entry.next === undefined) firsts.delete(entry.hash)
      else firsts.set(entry.hash, entry.next)
    },
    forEach(visit) {
      for (const first of firsts.values()) {
        for (let entry: Entry<Owner> | undefined = first; entry !== undefined; entry = entry.next) visit(entry)
      }
    },
  }
}

export function branchesOf(entry: Entry<unknown>): readonly Branch[] {
  return postingsOf(entry).map(({ branch }) => branch)
}
