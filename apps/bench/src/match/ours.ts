import { createMatcher } from '@recordcast/matcher'
import { cpuTime } from '../parts/cpu.js'
import type { Rig } from '../side/rig.js'
import { eventsAndPatterns, type Matched, type MatchLoad } from './load.js'

/** Microseconds of CPU time that a run should at least take; the first one finds out what that means. */
const enough = 1_000_000

type Counts = ReturnType<ReturnType<typeof createMatcher>['counts']>

export function openOurs(load: MatchLoad): Rig<Matched & Counts> {
  const { events, patterns } = eventsAndPatterns(load)
  const matcher = createMatcher<number>()
  for (const [key, pattern] of patterns.entries()) matcher.add(key, pattern)
  let rounds = load.quick ? 1 : 10
  return {
    async run() {
      const before = matcher.counts()
      let found = 0
      const took = cpuTime(() => {
        for (let round = 0; round < rounds; round++) for (const event of events) found += matcher.match(event).length
      })
      const asked = rounds * events.length
      if (!load.quick && took < enough) rounds = Math.ceil((rounds * enough) / took)
      const counts = matcher.counts()
      const verified = (counts.verified - before.verified) / asked
      return { ...counts, perSecond: (asked * 1e6) / took, matches: found / asked, verified }
    },
    close: async () => undefined,
  }
}
