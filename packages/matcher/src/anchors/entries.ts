import type { Branch } from '../evaluate/probe.js'
import { type Entry, type Fields, postingsOf } from './posting.js'
import { sameBranches } from './same-branches.js'

/** Distinct patterns, found by what they ask. */
export interface Entries<Key> {
  /** The one that asks the same, or undefined. */
  find(hash: number, fields: Fields, branches: readonly Branch[]): Entry<Key> | undefined
  put(entry: Entry<Key>): void
  remove(entry: Entry<Key>): void
  forEach(visit: (entry: Entry<Key>) => void): void
}

/*
A table of chains, each of the entries whose hash ends alike, linked one behind the other. It takes a third of the room that a map of hashes
would, and an entry is looked for only when a pattern is added.
*/
export function createEntries<Key>(): Entries<Key> {
  let firsts: (Entry<Key> | undefined)[] = new Array(16).fill(undefined)
  let size = 0

  function link(entry: Entry<Key>): void {
    const at = entry.hash & (firsts.length - 1)
    entry.next = firsts[at]
    firsts[at] = entry
  }

  function forEach(visit: (entry: Entry<Key>) => void): void {
    for (const first of firsts) {
      for (let entry = first; entry !== undefined; ) {
        const { next } = entry
        visit(entry)
        entry = next
      }
    }
  }

  function resize(length: number): void {
    const all: Entry<Key>[] = []
    forEach((entry) => all.push(entry))
    firsts = new Array(length).fill(undefined)
    for (const entry of all) link(entry)
  }

  return {
    find(hash, fields, branches) {
      let known = firsts[hash & (firsts.length - 1)]
      while (known !== undefined && !isLike(known, hash, fields, branches)) known = known.next
      return known
    },
    put(entry) {
      if (++size > firsts.length) resize(firsts.length * 2)
      link(entry)
    },
    remove(entry) {
      const at = entry.hash & (firsts.length - 1)
      const first = firsts[at]
      if (first === entry) firsts[at] = entry.next
      else {
        let before = first
        while (before !== undefined && before.next !== entry) before = before.next
        if (before === undefined) return
        before.next = entry.next
      }
      entry.next = undefined
      if (--size < firsts.length / 4 && firsts.length > 16) resize(firsts.length / 2)
    },
    forEach,
  }
}

function isLike(entry: Entry<unknown>, hash: number, fields: Fields, branches: readonly Branch[]): boolean {
  return entry.hash === hash && entry.fields === fields && sameBranches(branchesOf(entry), branches)
}

export function branchesOf(entry: Entry<unknown>): readonly Branch[] {
  return postingsOf(entry).map(({ branch }) => branch)
}
