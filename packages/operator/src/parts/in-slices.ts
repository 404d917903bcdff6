import type { Clock } from '@recordcast/transport'

/** Items that are worked on before others get a turn: about a millisecond of work. */
const slice = 100

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
