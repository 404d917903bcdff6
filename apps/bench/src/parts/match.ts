import { churn, stall } from '../match/churn.js'
import { growth } from '../match/growth.js'
import { heap } from '../match/heap.js'
import type { Measure, Part, PartOptions } from '../measure.js'
import type { Figures } from '../side/spec.js'
import { inTurns } from '../side/turns.js'
import { type Kind, kinds } from '../workload/kinds.js'
import { sourceHeap } from './source-heap.js'

/** Real events against many patterns: the index beside one compiled sift query a pattern. */
export const match: Part = {
  name: 'match',
  what: '329 real events against 100 to 100,000 patterns, beside sift; growth, changes and heap',
  *measures(options) {
    for (const count of options.quick ? [100, 1000] : [100, 1000, 10_000, 100_000])
      yield beside({ name: `match, ${told(count)} patterns`, count, bars: bars[count] ?? [] }, options)
    yield growth(options)
    const count = options.quick ? 300 : 10_000
    for (const only of kinds) {
      const name = `match, ${told(count)} of ${only} only`
      yield beside({ name, count, only, bars: [{ of: 'ratio', atLeast: 50 }] }, options)
    }
    yield churn(options)
    yield stall(options)
    yield heap(options)
    yield sourceHeap(options)
  },
}

const told = (count: number): string => count.toLocaleString('en-GB')

const bars: Readonly<Record<number, Measure['bars']>> = {
  100: [{ of: 'ours', atLeast: 1_000_000 }],
  1000: [
    { of: 'ratio', atLeast: 500 },
    { of: 'ours', atLeast: 1_000_000 },
  ],
  10000: [
    { of: 'ratio', atLeast: 10_000 },
    { of: 'ours', atLeast: 1_000_000 },
  ],
  100000: [{ of: 'ours', atLeast: 250_000 }],
}

interface Match {
  readonly name: string
  readonly count: number
  readonly only?: Kind
  readonly bars: Measure['bars']
}

function beside({ name, count, only, bars }: Match, { quick }: PartOptions): Measure {
  const load = { patterns: count, quick, ...(only && { only }) }
  const against = 'sift, a query a pattern'
  const last: { ours: Figures; theirs: Figures } = { ours: {}, theirs: {} }
  const sides = { ours: { of: 'recordcast, matching', load }, theirs: { of: against, load } } as const
  return {
    name,
    against,
    unit: 'events/s',
    better: 'higher',
    bars,
    ...inTurns(sides, (figures, who) => {
      last[who] = figures
      return figures.perSecond!
    }),
    also: () => {
      const { perSecond, matches, ...counts } = last.ours
      return { 'matches an event': matches!, 'of sift': last.theirs.matches!, ...counts }
    },
  }
}
