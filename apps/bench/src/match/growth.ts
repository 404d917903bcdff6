import { createMatcher } from '@recordcast/matcher'
import type { Measure, PartOptions } from '../measure.js'
import { cpuTime } from '../parts/cpu.js'
import { realEvents } from '../workload/events.js'
import { somePatterns } from '../workload/patterns.js'

/** What an event costs with very many patterns, in times of what it costs with few. */
export function growth({ quick }: PartOptions): Measure {
  const events = realEvents()
  const [few, many] = [100, quick ? 1000 : 100_000].map((count) => {
    const matcher = createMatcher<number>()
    for (const [key, pattern] of somePatterns(count).entries()) matcher.add(key, pattern)
    return matcher
  })
  const rounds = quick ? 3 : 1000
  const microseconds = (matcher: typeof few, rounds: number): number => {
    const took = cpuTime(() => {
      for (let round = 0; round < rounds; round++) for (const event of events) matcher?.match(event)
    })
    return took / (rounds * events.length)
  }
  let last = { few: 0, many: 0 }
  return {
    name: 'growth, an event of 100,000 patterns to one of 100',
    against: '–',
    unit: '×',
    better: 'lower',
    bars: [{ of: 'ours', atMost: 6 }],
    ours: () => {
      last = { few: microseconds(few, rounds), many: microseconds(many, Math.ceil(rounds / 3)) }
      return last.many / last.few
    },
    also: () => ({ 'µs at 100': last.few, 'µs at 100,000': last.many }),
  }
}
