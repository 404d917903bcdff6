import { cpuTime, spaced } from '../parts/cpu.js'
import type { Rig } from '../side/rig.js'
import { compileQuery } from '../workload/compile-query.js'
import { eventsAndPatterns, type Matched, type MatchLoad } from './load.js'

/** One compiled query a pattern, one after the other. */
export function openSift(load: MatchLoad): Rig<Matched> {
  const { events, patterns } = eventsAndPatterns(load)
  const queries = patterns.map(compileQuery)
  // One pass over the events may take seconds: as many events as there is patience for.
  const some = spaced(events, Math.max(10, Math.round(1e6 / patterns.length)))
  return {
    async run() {
      let hits = 0
      const took = cpuTime(() => {
        for (const event of some) for (const query of queries) if (query(event)) hits++
      })
      return { perSecond: (some.length * 1e6) / took, matches: hits / some.length }
    },
    close: async () => undefined,
  }
}
