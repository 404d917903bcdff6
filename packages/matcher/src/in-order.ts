/*
What is found stands in few runs that are in order already, for groups are mostly in the order of adding. Runs are found
and merged, two by two, until one is left.
*/

interface Placed {
  readonly place: number
}

/** Puts the first `count` of the items into the order of their places. */
export function putInOrder(items: Placed[], count: number): void {
  if (count <= few) insertEach(items, count)
  else mergeRuns(items, count)
}

function mergeRuns(items: Placed[], count: number): void {
  let from: Placed[] = items
  let runs = runsOf(from, count)
  if (runs.length === 2) return
  let to: Placed[] = new Array(count)
  while (runs.length > 2) {
    const merged = [0]
    for (let run = 0; run + 1 < runs.length; run += 2) {
      const middle = runs[run + 1] as number
      const end = runs[run + 2] ?? middle
      merge(from, to, runs[run] as number, middle, end)
      merged.push(end)
    }
    runs = merged
    const other = from
    from = to
    to = other
  }
  if (from !== items) for (let at = 0; at < count; at++) items[at] = from[at] as Placed
}

/** Up to so many are put in order one by one. */
const few = 32

function insertEach(items: Placed[], count: number): void {
  for (let at = 1; at < count; at++) {
    const item = items[at] as Placed
    let to = at
    for (; to > 0 && (items[to - 1] as Placed).place > item.place; to--) items[to] = items[to - 1] as Placed
    items[to] = item
  }
}

/** Where runs begin, and the end of the last one. */
function runsOf(items: readonly Placed[], count: number): number[] {
  const runs = [0]
  for (let at = 1; at < count; at++) {
    if ((items[at] as Placed).place < (items[at - 1] as Placed).place) runs.push(at)
  }
  runs.push(count)
  return runs
}

function merge(from: readonly Placed[], to: Placed[], start: number, middle: number, end: number): void {
  let left = start
  let right = middle
  for (let at = start; at < end; at++) {
    const takesLeft = left < middle && (right >= end || (from[left] as Placed).place <= (from[right] as Placed).place)
    to[at] = (takesLeft ? from[left++] : from[right++]) as Placed
  }
}
