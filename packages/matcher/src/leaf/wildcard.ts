/*
The text between the asterisks is looked for from left to right, each part at the first place after the one before:
if any placing works, this one does, so nothing is ever tried twice. Long parts are searched for with a table of
overlaps (Knuth, Morris, Pratt), so that the cost stays linear for any pattern and value.
*/

/** A test for values that have these parts in this order with anything between; the first and last part are the ends. */
export function wildcard(parts: readonly string[]): (value: string) => boolean {
  const first = parts[0] ?? ''
  const last = parts.at(-1) ?? ''
  if (parts.length === 1) return (value) => value === first
  const inner = parts.slice(1, -1).map(finder)
  return (value) => {
    if (value.length < first.length + last.length || !value.startsWith(first) || !value.endsWith(last)) return false
    let at = first.length
    for (const find of inner) {
      at = find(value, at)
      if (at < 0) return false
    }
    return at <= value.length - last.length
  }
}

const shortPart = 16

/** Finds the part from a position on and gives the position after it, or -1. */
function finder(part: string): (value: string, from: number) => number {
  if (part.length <= shortPart) {
    return (value, from) => {
      const at = value.indexOf(part, from)
      return at < 0 ? -1 : at + part.length
    }
  }
  const overlaps = overlapTable(part)
  return (value, from) => {
    let matched = 0
    for (let at = from; at < value.length; at++) {
      const letter = value.charCodeAt(at)
      while (matched > 0 && letter !== part.charCodeAt(matched)) matched = overlaps[matched - 1] ?? 0
      if (letter === part.charCodeAt(matched)) matched++
      if (matched === part.length) return at + 1
    }
    return -1
  }
}

/** For every initial piece of the text, the length of the longest shorter piece that both begins and ends it. */
function overlapTable(text: string): number[] {
  const table = [0]
  let matched = 0
  for (let at = 1; at < text.length; at++) {
    while (matched > 0 && text[at] !== text[matched]) matched = table[matched - 1] ?? 0
    if (text[at] === text[matched]) matched++
    table.push(matched)
  }
  return table
}
