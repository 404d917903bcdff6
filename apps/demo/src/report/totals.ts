import { type Figures, sum } from '../figures.js'
import type { SourceStats } from '../sdk.js'
import type { Store } from '../store.js'
import { columns } from './columns.js'
import { number, type Out } from './out.js'

/** What it cost the source, against what it would have cost everybody. */
export function printTotals(
  out: Out,
  stats: SourceStats,
  store: ReturnType<Store['stats']>,
  all: readonly Figures[],
): void {
  const { emitted, unwanted, published, projections, loaders } = stats
  const linked = sum(all, (each) => each.linked)
  const calls = sum(loaders, (each) => each.calls)
  const keys = sum(loaders, (each) => each.keys)
  const hits = sum(loaders, (each) => each.cacheHits)
  out.heading('Counted, together')
  const rows = [
    [
      'events emitted',
      number(emitted),
      `of them ${number(unwanted)} of types that nobody had asked for: nothing loaded, nothing sent`,
    ],
    ['deliveries', number(published), `from ${number(projections)} bodies: listeners that ask for the same share one`],
    [
      'loader calls',
      number(calls),
      `for ${number(keys)} records (the store counted ${number(store.calls)} calls); ${number(hits)} answers from the cache`,
    ],
    [
      'look-ups saved',
      number(linked - calls),
      `each listener calling back for itself would have made ${number(linked)}`,
    ],
  ]
  for (const line of columns(rows, new Set([1]))) out.line(`  ${line}`)
}

/** Whether the counts of the source, the SDK and the handlers agree, and if not where. */
export function printCheck(out: Out, all: readonly Figures[], wrong: readonly string[]): void {
  out.line()
  if (wrong.length === 0) {
    const calls = sum(all, (each) => each.calls)
    out.line(
      out.good(
        `Checked: handlers were called ${number(calls)} times, as often as the source delivered, in every listener.`,
      ),
    )
  }
  for (const sentence of wrong) out.line(out.bad(`Does not add up: ${sentence}.`))
}
