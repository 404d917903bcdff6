import { createMatcher } from '@recordcast/matcher'
import type { Measure, Part, PartOptions } from '../measure.js'
import { compileQuery } from '../workload/compile-query.js'
import { realEvents } from '../workload/events.js'
import { somePatterns } from '../workload/patterns.js'

/** Real events against many patterns: the index beside one compiled sift query a pattern. */
export const match: Part = {
  name: 'match',
  what: '329 real events against 100 to 100,000 patterns, beside sift',
  *measures(options) {
    for (const count of options.quick ? [100, 1000] : [100, 1000, 10_000, 100_000]) yield against(count, options)
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

function against(count: number, { quick }: PartOptions): Measure {
  const events = realEvents()
  const patterns = somePatterns(count)
  const matcher = createMatcher<number>()
  for (const [key, pattern] of patterns.entries()) matcher.add(key, pattern)
  const queries = patterns.map(compileQuery)
  let found = 0
  let hits = 0
  return {
    name: `match, ${count.toLocaleString('en-GB')} patterns`,
    against: 'sift, a query a pattern',
    unit: 'events/s',
    better: 'higher',
    bars: bars[count] ?? [],
    ours: () => {
      found = 0
      const rounds = Math.max(1, Math.round((quick ? 3e4 : 3e6) / Math.max(300, count / 10) / 30))
      return rate(events.length * rounds, () => {
        for (let round = 0; round < rounds; round++) for (const event of events) found += matcher.match(event).length
        found /= rounds
      })
    },
    theirs: () => {
      // One pass over the events may take seconds: as many events as there is patience for.
      const some = events.slice(0, Math.max(3, Math.min(events.length, Math.round(1e6 / count))))
      hits = 0
      return rate(some.length, () => {
        for (const event of some) for (const query of queries) if (query(event)) hits++
      })
    },
    also: () => ({ 'matches an event': found / events.length, 'of sift': hits, ...matcher.counts() }),
  }
}

/** Events a second of CPU time, garbage collection included: both sides only compute, and others may be using the machine. */
function rate(events: number, run: () => void): number {
  const began = process.cpuUsage()
  run()
  const { user, system } = process.cpuUsage(began)
  return (events * 1e6) / (user + system)
}
