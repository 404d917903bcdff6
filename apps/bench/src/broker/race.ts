import type { Bar, Measure } from '../measure.js'
import { RemoteSide } from '../side/remote-side.js'
import type { BrokerSide, Order } from '../side/spec.js'

/** Who is measured beside whom. */
export interface Race {
  readonly name: string
  readonly ours: BrokerSide
  readonly theirs: BrokerSide
}

/** End to end in two measures of the same runs: deliveries a second, then CPU a delivery. */
export function flowMeasures(
  race: Race,
  events: number,
  { rate, cpu }: { readonly rate: readonly Bar[]; readonly cpu: readonly Bar[] },
): Iterable<Measure> {
  return measuresOf(race, { run: 'flow', events }, [
    { key: 'rate', unit: 'copies/s', better: 'higher', bars: rate },
    { key: 'cpu', unit: 'µs CPU', better: 'lower', bars: cpu },
  ])
}

/** From the call that sends to the handler at an even pace: the median, then the 99th of a hundred, of the same runs. */
export function latencyMeasures(
  race: Race,
  perSecond: number,
  seconds: number,
  bars: readonly Bar[],
): Iterable<Measure> {
  return measuresOf(race, { run: 'latency', perSecond, seconds }, [
    { key: 'p50', unit: 'ms', better: 'lower', bars },
    { key: 'p99', unit: 'ms', better: 'lower', bars },
  ])
}

interface Told {
  readonly key: string
  readonly unit: string
  readonly better: 'higher' | 'lower'
  readonly bars: readonly Bar[]
}

/** The first measure runs both sides, each in its own process and in turns, and keeps what they give; the others tell their own figure of the same runs. */
function* measuresOf(race: Race, order: Order, told: readonly Told[]): Iterable<Measure> {
  const sides = { ours: new RemoteSide(race.ours), theirs: new RemoteSide(race.theirs) }
  const kept: Record<'ours' | 'theirs', Readonly<Record<string, number>>[]> = { ours: [], theirs: [] }
  for (const [at, { key, ...rest }] of told.entries()) {
    const next = { ours: 0, theirs: 0 }
    const figure = async (who: 'ours' | 'theirs'): Promise<number> => {
      if (at === 0) kept[who].push(await sides[who].tell(order))
      const figures = kept[who][next[who]++]
      const found = figures?.[key]
      if (found === undefined) throw new Error('The runs that this figure is of have failed')
      return found
    }
    yield {
      ...{ name: `${race.name}: ${key}`, against: race.theirs.of, ...rest },
      ours: () => figure('ours'),
      theirs: () => figure('theirs'),
      end: async () => {
        if (at === 0) await Promise.all([sides.ours.close(), sides.theirs.close()])
      },
    }
  }
}
