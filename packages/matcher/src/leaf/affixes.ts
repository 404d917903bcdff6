/*
Many prefixes are kept sorted and free of prefixes of each other. Then at most one can be the beginning of a value: the
greatest that is not greater than the value itself. Suffixes are prefixes of the reversed text.
*/

const few = 4

/** A test for values that begin with one of the texts. */
export function anyPrefix(texts: readonly string[]): (value: string) => boolean {
  if (texts.length <= few) return (value) => texts.some((text) => value.startsWith(text))
  const sorted = withoutCovered(texts)
  return (value) => value.startsWith(greatestUpTo(sorted, value) ?? `${value}\0`)
}

/** A test for values that end with one of the texts. */
export function anySuffix(texts: readonly string[]): (value: string) => boolean {
  if (texts.length <= few) return (value) => texts.some((text) => value.endsWith(text))
  const longest = texts.reduce((most, text) => Math.max(most, text.length), 0)
  const begins = anyPrefix(texts.map(reverse))
  return (value) => begins(reverse(value.slice(Math.max(0, value.length - longest))))
}

function withoutCovered(texts: readonly string[]): string[] {
  const kept: string[] = []
  for (const text of [...texts].sort()) {
    const before = kept.at(-1)
    if (before === undefined || !text.startsWith(before)) kept.push(text)
  }
  return kept
}

function greatestUpTo(sorted: readonly string[], value: string): string | undefined {
  let low = 0
  let high = sorted.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((sorted[middle] as string) <= value) low = middle + 1
    else high = middle
  }
  return sorted[low - 1]
}

/** By code units: the halves of a pair end up in the wrong order on both sides, which is all that matters here. */
function reverse(text: string): string {
  let reversed = ''
  for (let at = text.length - 1; at >= 0; at--) reversed += text[at]
  return reversed
}
