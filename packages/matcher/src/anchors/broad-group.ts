import type { Branch } from '../evaluate/probe.js'
import type { Wanted } from '../leaf/wanted.js'
import type { Reading } from '../read/reading.js'
import type { Work } from '../work.js'
import type { Effort } from './effort.js'
import { createFieldTable, type FieldTable } from './field-table.js'
import type { Posting } from './posting.js'

/*
A branch is broad when nothing in it names what a value should be: each of its leaves wants its field to be there, to be
absent, or to be anything but some values. Most events satisfy most of such branches, so it is not asked which of them
hold but which do not, for all at once: every member of a group has a bit, every field two rows of them, who wants it
and who bars it. What a value refuses is looked up like an anchor, and whoever comes up so is verified by itself. So are
those that read a field under a list, where it matters in which element. All others that are left hold.
*/

/** Members of one anchor. */
export interface BroadGroup {
  readonly size: number
  /** Whether there is room for the fields of a branch; only so many are kept. */
  accepts(branch: Branch): boolean
  /** Gives the posting its place in the group. */
  add(posting: Posting): void
  remove(posting: Posting): void
  /** Visits those that hold for certain, and those that may; not all of them when the work is used up. */
  find(reading: Reading, visits: BroadVisits, work: Work): void
}

export interface BroadVisits {
  readonly accept: (posting: Posting) => void
  readonly verifyWhole: (posting: Posting) => void
}

/** A field that members read. */
interface Column {
  readonly slot: number
  /** Members that want it to be there, a bit each. */
  wants: Int32Array
  /** Members that want it to be absent. */
  bars: Int32Array
  /** What members do not want it to be. */
  readonly refused: FieldTable
  /** How many members read it. */
  uses: number
}

/** With more fields than this the rows of bits would take more time and room than they save. */
const mostColumns = 64

export function isBroad(branch: Branch): boolean {
  return branch.every(({ alternatives }) => {
    const [only] = alternatives
    return alternatives.length === 1 && only !== undefined && broadKinds.has(only.kind)
  })
}

const broadKinds = new Set<Wanted['kind']>(['but', 'exists', 'absent'])

export function createBroadGroup(effort: Effort): BroadGroup {
  const members: Posting[] = []
  const columns = new Map<number, Column>()
  let alive = new Int32Array(1)
  let doubt = new Int32Array(1)

  function grow(): void {
    alive = new Int32Array(alive.length * 2)
    doubt = new Int32Array(alive.length)
    for (const column of columns.values()) {
      column.wants = longer(column.wants, alive.length)
      column.bars = longer(column.bars, alive.length)
    }
  }

  function columnOf(slot: number): Column {
    const known = columns.get(slot)
    if (known !== undefined) return known
    const { length } = alive
    const made = {
      ...{ slot, wants: new Int32Array(length), bars: new Int32Array(length) },
      ...{ refused: createFieldTable(effort), uses: 0 },
    }
    columns.set(slot, made)
    return made
  }

  /** The only value of a field is what one of its leaves refuses, or may be. */
  const refuse = (posting: Posting, isSure: boolean): void =>
    isSure ? setBit(alive, posting.at, false) : doubtOne(posting)
  /** Another value may do. */
  const doubtOne = ({ at }: Posting): void => setBit(doubt, at, true)

  function judge({ slot, wants, bars, refused }: Column, reading: Reading, words: number, work: Work): void {
    const value = reading.single[slot]
    if (value === undefined) {
      takeOut(alive, wants, words)
      return
    }
    const several = reading.several[slot]
    if (several?.elements.some((element) => element !== undefined)) {
      putIn(doubt, wants, words)
      putIn(doubt, bars, words)
      return
    }
    takeOut(alive, bars, words)
    if (refused.size === 0) return
    refused.findAny(doubtOne)
    if (several === undefined) refused.find(value, refuse)
    else refused.findEach(new Set(several.values), doubtOne, work)
  }

  return {
    get size() {
      return members.length
    },
    accepts(branch) {
      const unknown = branch.filter(({ slot }) => !columns.has(slot))
      return columns.size + unknown.length <= mostColumns
    },
    add(posting) {
      posting.at = members.push(posting) - 1
      if (members.length > alive.length * 32) grow()
      for (const { slot, alternatives, absent } of posting.branch) {
        const column = columnOf(slot)
        column.uses++
        setBit(absent ? column.bars : column.wants, posting.at, true)
        for (const wanted of refusedBy(alternatives)) column.refused.add(wanted, posting)
      }
    },
    remove(posting) {
      const { at } = posting
      for (const { slot, alternatives } of posting.branch) {
        const column = columnOf(slot)
        for (const wanted of refusedBy(alternatives)) column.refused.remove(wanted, posting)
        if (--column.uses === 0) columns.delete(slot)
      }
      const last = members.pop() as Posting
      for (const { wants, bars } of columns.values()) {
        for (const row of [wants, bars]) {
          if (last !== posting) setBit(row, at, hasBit(row, last.at))
          setBit(row, last.at, false)
        }
      }
      if (last !== posting) {
        members[at] = last
        last.at = at
      }
      posting.at = -1
    },
    find(reading, { accept, verifyWhole }, work) {
      const words = (members.length + 31) >>> 5
      effort.steps += words * (columns.size + 2)
      alive.fill(-1, 0, words)
      doubt.fill(0, 0, words)
      if (members.length % 32 !== 0) alive[words - 1] = (1 << (members.length % 32)) - 1
      for (const column of columns.values()) judge(column, reading, words, work)
      if (work.left < 0) return
      for (let word = 0; word < words; word++) {
        const unsure = doubt[word] as number
        for (let bits = alive[word] as number; bits !== 0; bits &= bits - 1) {
          const low = bits & -bits
          const member = members[word * 32 + 31 - Math.clz32(low)] as Posting
          if ((unsure & low) === 0) accept(member)
          else verifyWhole(member)
        }
      }
    },
  }
}

function refusedBy([only]: readonly Wanted[]): readonly Wanted[] {
  return only?.kind === 'but' ? only.none : []
}

function longer(row: Int32Array, length: number): Int32Array<ArrayBuffer> {
  const copy = new Int32Array(length)
  copy.set(row)
  return copy
}

function hasBit(row: Int32Array, at: number): boolean {
  return ((row[at >>> 5] as number) & (1 << at)) !== 0
}

function setBit(row: Int32Array, at: number, on: boolean): void {
  const word = row[at >>> 5] as number
  row[at >>> 5] = on ? word | (1 << at) : word & ~(1 << at)
}

function takeOut(from: Int32Array, bits: Int32Array, words: number): void {
  for (let word = 0; word < words; word++) from[word] = (from[word] as number) & ~(bits[word] as number)
}

function putIn(into: Int32Array, bits: Int32Array, words: number): void {
  for (let word = 0; word < words; word++) into[word] = (into[word] as number) | (bits[word] as number)
}
