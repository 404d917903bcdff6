import { createMatcher } from '@recordcast/matcher'
import type { Measure, PartOptions } from '../measure.js'
import { cpuTime } from '../parts/cpu.js'
import { somePatterns } from '../workload/patterns.js'

interface Crowd {
  /** Takes one subscription out or puts another in: both in turns, each with a pattern that was not there. */
  change(): void
  readonly changes: number
}

function crowd({ quick }: PartOptions): Crowd {
  const count = quick ? 1000 : 100_000
  const changes = count / 10
  const texts = somePatterns(count + changes).map((pattern) => JSON.stringify(pattern))
  const matcher = createMatcher<number>()
  for (const [key, text] of texts.slice(0, count).entries()) matcher.add(key, JSON.parse(text))
  // Patterns come from elsewhere and are parsed already.
  const patterns = texts.map((text) => JSON.parse(text) as unknown)
  let oldest = 0
  let next = count
  let isFull = true
  return {
    changes,
    change() {
      if (isFull) matcher.remove(oldest++)
      else matcher.add(next, patterns[next++ % patterns.length])
      isFull = !isFull
    },
  }
}

/** What it costs to add a subscription or to take one out where very many are. */
export function churn(options: PartOptions): Measure {
  const { change, changes } = crowd(options)
  return {
    name: 'add or remove a pattern, 100,000 there',
    against: '–',
    unit: 'µs',
    better: 'lower',
    bars: [{ of: 'ours', atMost: 50 }],
    ours: () => {
      const took = cpuTime(() => {
        for (let at = 0; at < changes; at++) change()
      })
      return took / changes
    },
  }
}

/** The longest that one such change held everything up. */
export function stall(options: PartOptions): Measure {
  const { change, changes } = crowd(options)
  return {
    name: 'longest of 10,000 such changes',
    against: '–',
    unit: 'ms',
    better: 'lower',
    bars: [{ of: 'ours', atMost: 5 }],
    ours: () => {
      let longest = 0
      for (let at = 0; at < changes; at++) {
        const began = performance.now()
        // CPU time counts the collector's threads as well, clock time the other processes: the lesser is still too much.
        const took = cpuTime(change) / 1000
        longest = Math.max(longest, Math.min(took, performance.now() - began))
      }
      return longest
    },
  }
}
