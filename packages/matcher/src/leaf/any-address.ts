import { isWithin } from './ip-range.js'
import type { DigitRange } from './wanted.js'

/** The digits that all addresses of a range begin with. Whatever lies in the range begins with them too. */
export function commonDigits({ low, high }: DigitRange): string {
  let at = 0
  while (at < low.length && low[at] === high[at]) at++
  return low.slice(0, at)
}

/** A test for digits that lie in one of the ranges. Ranges are looked up by their common digits. */
export function anyAddress(ranges: readonly DigitRange[]): (digits: string) => boolean {
  const byStart = new Map<string, Map<string, DigitRange>>()
  for (const range of ranges) {
    const start = commonDigits(range)
    const same = byStart.get(start) ?? new Map<string, DigitRange>()
    byStart.set(start, same.set(`${range.low}-${range.high}`, range))
  }
  const lengths = [...new Set([...byStart.keys()].map((start) => start.length))]
  return (digits) => {
    for (const length of lengths) {
      if (length > digits.length) continue
      for (const range of byStart.get(digits.slice(0, length))?.values() ?? []) if (isWithin(range, digits)) return true
    }
    return false
  }
}
