import { createMatcher } from '@recordcast/matcher'
import type { Measure, PartOptions } from '../measure.js'
import { heapUsed } from '../parts/heap-used.js'
import { somePatterns } from '../workload/patterns.js'

/** What a pattern takes in the index, the texts that it compares with included, once the pattern as it was written is gone. */
export function heap({ quick }: PartOptions): Measure {
  const count = quick ? 1000 : 100_000
  const texts = somePatterns(count).map((pattern) => JSON.stringify(pattern))
  return {
    name: 'heap of a pattern in the index, 100,000 there',
    against: '–',
    unit: 'B',
    better: 'lower',
    bars: [{ of: 'ours', atMost: 1024 }],
    runs: 3,
    ours: () => {
      const before = heapUsed()
      const matcher = createMatcher<number>()
      for (const [key, text] of texts.entries()) matcher.add(key, JSON.parse(text))
      const bytes = (heapUsed() - before) / count
      if (matcher.size !== count) throw new Error(`${matcher.size} patterns of ${count}`)
      return bytes
    },
  }
}
