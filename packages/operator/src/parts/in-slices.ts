import type { Clock } from '@recordcast/transport'

/** Items that are worked on before others get a turn: a few milliseconds of work where each has an expression to be compiled. */
const slice = 25

/** Works on every item, in slices with a turn for everybody else between them. */
export async function inSlices<T>(clock: Clock, items: Iterable<T>, work: (item: T) => void): Promise<void> {
  let left = slice
  for (const item of items) {
    work(item)
    if (--left > 0) continue
    left = slice
    await new Promise<void>((resolve) => clock.defer(resolve))
  }
}

/** What comes of every item, in their order; as many as a slice holds are under way at once. */
export async function mapInSlices<T, R>(clock: Clock, items: readonly T[], map: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = []
  for (let from = 0; from < items.length; from += slice) {
    results.push(...(await Promise.all(items.slice(from, from + slice).map(map))))
    await new Promise<void>((resolve) => clock.defer(resolve))
  }
  return results
}
