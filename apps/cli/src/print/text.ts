import stringWidth from 'string-width'

/*
Texts come from the network: names, filters, messages of errors. Whatever could move a cursor, colour what follows or turn it around is written as an
escape before it reaches a terminal.
*/

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
const unsafe = /[\u0000-\u001f\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g

/** A text as one line that a terminal shows as it is. */
export function visible(text: string): string {
  return text.toWellFormed().replace(unsafe, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`)
}

/** Columns that a text takes in a terminal. */
export function widthOf(text: string): number {
  // The greater part is letters that take one column each.
  return /^[\x20-\x7e]*$/.test(text) ? text.length : stringWidth(text)
}

const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' })

/** Cuts to so many columns, with an ellipsis where something was cut. */
export function cut(text: string, width: number): string {
  if (widthOf(text) <= width) return text
  let kept = ''
  let columns = 1
  for (const { segment } of graphemes.segment(text)) {
    columns += widthOf(segment)
    if (columns > width) break
    kept += segment
  }
  return width < 1 ? '' : `${kept}…`
}

/** Breaks a text into lines of at most so many columns, between words where there are any. */
export function wrap(text: string, width: number): readonly string[] {
  const lines: string[] = []
  let line = ''
  for (const word of text.split(' ')) {
    const longer = line === '' ? word : `${line} ${word}`
    if (widthOf(longer) <= width) line = longer
    else {
      if (line !== '') lines.push(line)
      line = word
    }
  }
  return [...lines, line]
}
