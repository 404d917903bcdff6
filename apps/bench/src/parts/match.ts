import { createMatcher } from '@recordcast/matcher'
import type { Measure, Part, PartOptions } from '../measure.js'
import { compileQuery } from '../workload/compile-query.js'
import { type Event, realEvents } from '../workload/events.js'
import { kinds, patternsOf, withAddress } from '../workload/kinds.js'
import { type Pattern, somePatterns } from '../workload/patterns.js'
import { cpuTime, spaced } from './cpu.js'
import { churn, stall } from './match-churn.js'
import { growth } from './match-growth.js'
import { heap } from './match-heap.js'
import { sourceHeap } from './source-heap.js'

/** Real events against many patterns: the index beside one compiled sift query a pattern. */
export const match: Part = {
  name: 'match',
  what: '329 real events against 100 to 100,000 patterns, beside sift; growth, changes and heap',
  *measures(options) {
    for (const count of options.quick ? [100, 1000] : [100, 1000, 10_000, 100_000]) {
      const name = `match, ${count.toLocaleString('en-GB')} patterns`
      yield beside({ name, bars: bars[count] ?? [], events: realEvents(), patterns: somePatterns(count) }, options)
    }
    yield growth(options)
    const count = options.quick ? 300 : 10_000
    for (const kind of kinds) {
      const name = `match, ${count.toLocaleString('en-GB')} of ${kind} only`
      const events = realEvents().map(withAddress)
      yield beside({ name, bars: [{ of: 'ratio', atLeast: 50 }], events, patterns: patternsOf(kind, count) }, options)
    }
    yield churn(options)
    yield stall(options)
    yield heap(options)
    yield sourceHeap(options)
  },
}

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

interface Load {
  readonly name: string
  readonly bars: Measure['bars']
  readonly events: readonly Event[]
  readonly patterns: readonly Pattern[]
}

/** Microseconds of CPU time that a run of ours should at least take; the first one finds out what that means. */
const enough = 1_000_000

function beside({ name, bars, events, patterns }: Load, { quick }: PartOptions): Measure {
  const matcher = createMatcher<number>()
  for (const [key, pattern] of patterns.entries()) matcher.add(key, pattern)
  const queries = patterns.map(compileQuery)
  let rounds = quick ? 1 : 10
  let found = 0
  let hits = 0
  const ours = (): number => {
    found = 0
    return cpuTime(() => {
      for (let round = 0; round < rounds; round++) for (const event of events) found += matcher.match(event).length
      found /= rounds
    })
  }
  // One pass over the events may take sift seconds: as many events as there is patience for.
  const some = spaced(events, Math.max(10, Math.round(1e6 / patterns.length)))
  return {
    name,
    against: 'sift, a query a pattern',
    unit: 'events/s',
    better: 'higher',
    bars,
    ours: () => {
      const took = ours()
      const rate = (events.length * rounds * 1e6) / took
      if (!quick && took < enough) rounds = Math.ceil((rounds * enough) / took)
      return rate
    },
    theirs: () => {
      hits = 0
      const took = cpuTime(() => {
        for (const event of some) for (const query of queries) if (query(event)) hits++
      })
      return (some.length * 1e6) / took
    },
    also: () => ({
      'matches an event': found / events.length,
      'of sift': hits / some.length,
      'verified an event': verifiedAn(matcher, events),
      ...matcher.counts(),
    }),
  }
}

function verifiedAn(matcher: ReturnType<typeof createMatcher<number>>, events: readonly Event[]): number {
  const before = matcher.counts().verified
  for (const event of events) matcher.match(event)
  return (matcher.counts().verified - before) / events.length
}
