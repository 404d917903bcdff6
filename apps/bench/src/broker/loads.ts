const sizes = [
  { bytes: 300, size: '300 B' },
  { bytes: 3000, size: '3 KB' },
]

/** How many listeners there are and how large what they get is. */
export const crowds = sizes.flatMap(({ bytes, size }) =>
  [1, 10, 50].map((listeners) => ({ listeners, bytes, called: `${listeners} × ${size}` })),
)

/** Events of which so many copies are made. */
export function eventsFor(copies: number, listeners: number): number {
  return Math.max(1, Math.round(copies / listeners))
}
