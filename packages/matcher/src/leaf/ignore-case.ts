/*
Every character of the wanted text stands for its lower and its upper case, each as a whole: "ß" for "ß" and "SS", never
"ss". That is event-ruler's reading, and the reason why neither folding both sides nor a regular expression with the
flag i would do.
*/

interface Letter {
  readonly lower: string
  readonly upper: string
}

function letters(text: string): Letter[] {
  return Array.from(text, (letter) => ({ lower: letter.toLowerCase(), upper: letter.toUpperCase() }))
}

/** A test for values that are, begin with or end with the text, upper and lower case being the same. */
export function ignoreCase(text: string, where: 'whole' | 'start' | 'end'): (value: string) => boolean {
  const wanted = letters(text)
  if (where === 'end') return (value) => readBackward(wanted, value) >= 0
  if (where === 'start') return (value) => readForward(wanted, value) >= 0
  return (value) => readForward(wanted, value) === value.length
}

/** How far into the value the letters reach; -1 when they are not there. */
function readForward(wanted: readonly Letter[], value: string): number {
  let at = 0
  for (const { lower, upper } of wanted) {
    if (at >= value.length) return -1
    if (value[at] === lower || value[at] === upper) at++
    else if (value.startsWith(lower, at)) at += lower.length
    else if (value.startsWith(upper, at)) at += upper.length
    else return -1
  }
  return at
}

function readBackward(wanted: readonly Letter[], value: string): number {
  let at = value.length
  for (let index = wanted.length - 1; index >= 0; index--) {
    const { lower, upper } = wanted[index] as Letter
    if (at <= 0) return -1
    if (value[at - 1] === lower || value[at - 1] === upper) at--
    else if (value.endsWith(lower, at)) at -= lower.length
    else if (value.endsWith(upper, at)) at -= upper.length
    else return -1
  }
  return at
}

/**
 * One spelling for all that `ignoreCase` may take for the same: equal, initial or final text stays so after folding.
 * The reverse does not hold, so a look-up by folded text yields candidates, not answers.
 */
export function fold(text: string): string {
  return isAscii(text) ? text.toUpperCase() : text.toUpperCase().toLowerCase().toUpperCase()
}

/** A number that is the same for texts with the same folding, made without folding plain ones. */
export function hashFolded(text: string): number {
  let hash = 0
  for (let at = 0; at < text.length; at++) {
    const letter = text.charCodeAt(at)
    if (letter > 0x7f) return hashText(fold(text))
    hash = Math.imul(hash, 31) + (letter >= lowerA && letter <= lowerZ ? letter - lowerA + upperA : letter)
  }
  return hash & 0x3fffffff
}

const lowerA = 0x61
const lowerZ = 0x7a
const upperA = 0x41

function hashText(text: string): number {
  let hash = 0
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash, 31) + text.charCodeAt(at)
  return hash & 0x3fffffff
}

function isAscii(text: string): boolean {
  for (let at = 0; at < text.length; at++) if (text.charCodeAt(at) > 0x7f) return false
  return true
}

/** Of a text and what ignoring case is the same, the one is at most so many times longer than the other. */
export const mostStretch = 4

/**
 * A test for values that are one of the texts, upper and lower case being the same; and how many of the texts one value
 * may have to be compared with.
 */
export function anyIgnoringCase(texts: readonly string[]): { holds: (value: string) => boolean; most: number } {
  const byFolded = new Map<string, Map<string, (value: string) => boolean>>()
  let longest = 0
  let most = 0
  for (const text of texts) {
    const same = byFolded.get(fold(text)) ?? new Map<string, (value: string) => boolean>()
    // Texts of the same letters hold for the same values.
    const spelt = letters(text).map(({ lower, upper }) => `${lower}${upper}`)
    byFolded.set(fold(text), same.set(spelt.join(), ignoreCase(text, 'whole')))
    longest = Math.max(longest, text.length)
    most = Math.max(most, same.size)
  }
  const holds = (value: string): boolean => {
    if (value.length > longest * mostStretch) return false
    for (const test of byFolded.get(fold(value))?.values() ?? []) if (test(value)) return true
    return false
  }
  return { holds, most }
}
