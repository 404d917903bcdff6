import type { NumberRange } from '../leaf/wanted.js'
import type { Posting } from './posting.js'

/*
Ranges sorted by their lower end and cut into blocks, each of which knows the greatest upper end within it. A look-up
passes over blocks that end before the number and stops at the first that begins after it. Ends are taken as closed:
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
  find(value: number, visit: (posting: Posting) => void): void
}

export function createRangeTable(): RangeTable {
  const blocks: Block[] = []

  return {
    add({ low, high }, posting) {
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
      for (const block of blocks) {
        if (startOf(block) > value) return
        if (block.high < value) continue
        for (const { low, high, posting } of block.rows) {
          if (low > value) break
          if (high >= value) visit(posting)
        }
      }
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
