/** The first of a list that an answer can hold: at most so many, in so many bytes of JSON, all transports considered. */
export function fitting<T>(
  items: Iterable<T>,
  most: number,
  bytes = 256 * 1024,
): { readonly kept: T[]; readonly cut: boolean } {
  const kept: T[] = []
  let left = bytes
  for (const item of items) {
    left -= Buffer.byteLength(JSON.stringify(item))
    if (kept.length >= most || left < 0) return { kept, cut: true }
    kept.push(item)
  }
  return { kept, cut: false }
}

/** A text of at most so many characters, with `…` where it was cut. */
export function shortened(text: string, longest: number): string {
  return text.length > longest ? `${text.slice(0, longest - 1)}…` : text
}
