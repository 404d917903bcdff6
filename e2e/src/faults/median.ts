/** The middle one, the upper of the two middle ones where they are even; NaN where there is none. */
export function median(figures: readonly number[]): number {
  return figures.toSorted((a, b) => a - b)[figures.length >> 1] ?? Number.NaN
}
