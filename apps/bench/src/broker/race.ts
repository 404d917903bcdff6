import type { Bar, Measure } from '../measure.js'
import { flow } from './flow.js'
import { latency } from './latency.js'
import { Lazy, type Side } from './side.js'

export interface Race {
  readonly name: string
  readonly against: string
  readonly ours: () => Promise<Side>
  readonly theirs: () => Promise<Side>
}

/** End to end in two measures of the same runs: deliveries a second, then CPU a delivery. */
export function* flowMeasures(
  race: Race,
  events: number,
  { rate, cpu }: { readonly rate: readonly Bar[]; readonly cpu: readonly Bar[] },
): Iterable<Measure> {
  yield* measuresOf(race, (side) => flow(side, events), [
    { key: 'rate', unit: 'copies/s', better: 'higher', bars: rate },
    { key: 'cpu', unit: 'µs CPU', better: 'lower', bars: cpu },
  ])
}

/** From the call that sends to the handler at an even pace: the median, then the 99th of a hundred, of the same runs. */
export function* latencyMeasures(
  race: Race,
  perSecond: number,
  seconds: number,
  bars: readonly Bar[],
): Iterable<Measure> {
  yield* measuresOf(race, (side) => latency(side, perSecond, seconds), [
    { key: 'p50', unit: 'ms', better: 'lower', bars },
    { key: 'p99', unit: 'ms', better: 'lower', bars },
  ])
}

interface Told<K> {
  readonly key: K
  readonly unit: string
  readonly better: 'higher' | 'lower'
  readonly bars: readonly Bar[]
}

/** The first measure runs both sides and keeps what they give; the others tell their own figure of the same runs. */
function* measuresOf<K extends string>(
  { name, against, ...sides }: Race,
  run: (side: Side) => Promise<Readonly<Record<K, number>>>,
  told: readonly [Told<K>, ...Told<K>[]],
): Iterable<Measure> {
  const lazy = { ours: new Lazy(sides.ours), theirs: new Lazy(sides.theirs) }
  const kept = { ours: [] as Readonly<Record<K, number>>[], theirs: [] as Readonly<Record<K, number>>[] }
  for (const [at, { key, ...rest }] of told.entries()) {
    let next = { ours: 0, theirs: 0 }
    const figure = async (who: 'ours' | 'theirs'): Promise<number> => {
      if (at === 0) kept[who].push(await run(await lazy[who].get()))
      const runs = kept[who][next[who]]
      next = { ...next, [who]: next[who] + 1 }
      if (runs === undefined) throw new Error('The runs that this figure is of have failed')
      return runs[key]
    }
    yield {
      ...{ name: `${name}: ${key}`, against, ...rest },
      ours: () => figure('ours'),
      theirs: () => figure('theirs'),
      end: async () => {
        if (at === 0) await Promise.all([lazy.ours.close(), lazy.theirs.close()])
      },
    }
  }
}
