import type { NumberRange } from '../leaf/wanted.js'
import type { Effort } from './effort.js'
import type { Posting, Visit } from './posting.js'

/*
Ranges sorted by their lower end and cut into blocks, each of which knows the greatest upper end within it. Over the
blocks stands a tree of the greatest of these, so that a look-up goes down only to blocks that reach the number, and only
among those that begin before it. The tree is made again by the first look-up after a change. Ends are taken as closed:
verification looks at them again.
*/

const largestBlock = 128
const enough = 1000

interface Row {
  readonly low: number
  readonly high: number
  readonly posting: Posting
}

interface Block {
  readonly rows: Row[]
  high: number
}

export interface RangeTable {
  add(range: NumberRange, posting: Posting): void
  remove(range: NumberRange, posting: Posting): void
  /** How many ranges overlap this one; counting ends at some point. */
  crowd(range: NumberRange): number
  find(value: number, visit: Visit): void
}

export function createRangeTable(effort: Effort): RangeTable {
  const blocks: Block[] = []
  /** Node n stands over nodes 2n and 2n + 1; the lowest ones, from `leaves` on, are the blocks. undefined: to be made. */
  let highs: number[] | undefined
  let leaves = 1

  function makeTree(): number[] {
    leaves = 1
    while (leaves < blocks.length) leaves *= 2
    const made = new Array<number>(leaves * 2).fill(Number.NEGATIVE_INFINITY)
    for (const [at, { high }] of blocks.entries()) made[leaves + at] = high
    for (let at = leaves - 1; at > 0; at--) made[at] = Math.max(made[at * 2] as number, made[at * 2 + 1] as number)
    return made
  }

  /** Visits what contains the value among the first `end` blocks, those below a node of this width. */
  function findBelow(node: number, first: number, width: number, end: number, value: number, visit: Visit): void {
    effort.steps++
    if (first >= end || ((highs as number[])[node] as number) < value) return
    if (width > 1) {
      findBelow(node * 2, first, width / 2, end, value, visit)
      findBelow(node * 2 + 1, first + width / 2, width / 2, end, value, visit)
      return
    }
    for (const { low, high, posting } of (blocks[first] as Block).rows) {
      effort.steps++
      if (low > value) break
      if (high >= value) visit(posting, false)
    }
  }

  return {
    add({ low, high }, posting) {
      highs = undefined
      const at = Math.max(0, firstAfter(blocks, low, startOf) - 1)
      const block = blocks[at] ?? { rows: [], high }
      if (blocks.length === 0) blocks.push(block)
      block.rows.splice(firstAfter(block.rows, low, lowOf), 0, { low, high, posting })
      block.high = Math.max(block.high, high)
      if (block.rows.length <= largestBlock) return
      const rows = block.rows.splice(largestBlock / 2)
      block.high = greatest(block.rows)
      blocks.splice(at + 1, 0, { rows, high: greatest(rows) })
    },
    remove({ low, high }, posting) {
      highs = undefined
      for (let at = firstAfter(blocks, low, startOf) - 1; at >= 0; at--) {
        const block = blocks[at] as Block
        const row = block.rows.findIndex((each) => each.posting === posting && each.low === low && each.high === high)
        if (row < 0) continue
        block.rows.splice(row, 1)
        block.high = greatest(block.rows)
        if (block.rows.length === 0) blocks.splice(at, 1)
        return
      }
    },
    crowd({ low, high }) {
      let count = 0
      for (const block of blocks) {
        if (startOf(block) > high || count > enough) return count
        if (block.high < low) continue
        for (const row of block.rows) if (row.low <= high && row.high >= low) count++
      }
      return count
    },
    find(value, visit) {
      if (blocks.length === 0) return
      highs ??= makeTree()
      findBelow(1, 0, leaves, firstAfter(blocks, value, startOf), value, visit)
    },
  }
}

function startOf(block: Block): number {
  return block.rows[0]?.low ?? Number.POSITIVE_INFINITY
}

function lowOf(row: Row): number {
  return row.low
}

function greatest(rows: readonly Row[]): number {
  return rows.reduce((most, { high }) => Math.max(most, high), Number.NEGATIVE_INFINITY)
}

/** Position of the first item whose measure is greater than the number. */
function firstAfter<T>(sorted: readonly T[], number: number, measure: (item: T) => number): number {
  let low = 0
  let high = sorted.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (measure(sorted[middle] as T) <= number) low = middle + 1
    else high = middle
  }
  return low
}
