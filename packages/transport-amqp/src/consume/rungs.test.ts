import fc from 'fast-check'
import { expect, test } from 'vitest'
import { stepFor } from './rungs.js'

const rungs = [250, 1000, 5000, 30_000, 120_000, 600_000, 3_600_000]

/** How long a wait takes when every rung takes exactly its time, and in how many steps. */
function walk(delays: readonly number[], waitMs: number): { readonly tookMs: number; readonly steps: number } {
  let tookMs = 0
  for (let steps = 1; ; steps++) {
    const { delayMs, more } = stepFor(delays, waitMs - tookMs)
    tookMs += delayMs
    if (!more || tookMs >= waitMs) return { tookMs, steps }
  }
}

test('a wait is never cut short, at most doubled, and takes few steps', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 24 * 3_600_000 }), (waitMs) => {
      const { tookMs, steps } = walk(rungs, waitMs)
      expect(tookMs).toBeGreaterThanOrEqual(waitMs)
      expect(tookMs).toBeLessThanOrEqual(Math.max(2 * waitMs, 250))
      expect(steps).toBeLessThanOrEqual(24 + 30)
    }),
  )
})

test('any delays do, one alone as well', () => {
  const delays = fc.uniqueArray(fc.integer({ min: 1, max: 100_000 }), { minLength: 1, maxLength: 5 })
  fc.assert(
    fc.property(delays, fc.integer({ min: 1, max: 200_000 }), (given, waitMs) => {
      const sorted = given.sort((a, b) => a - b)
      fc.pre(waitMs / sorted[0]! < 10_000)
      expect(walk(sorted, waitMs).tookMs).toBeGreaterThanOrEqual(waitMs)
    }),
  )
})

test('a wait that is a rung takes that rung', () => {
  for (const rung of rungs) expect(walk(rungs, rung)).toEqual({ tookMs: rung, steps: 1 })
})
