import { styleText } from 'node:util'
import { type Cell, type Tone, tableLines } from './table.js'
import { visible, wrap } from './text.js'

/** A result for people, line by line. Whatever text comes in, what comes out moves no cursor. */
export interface Page {
  /** An empty line before it unless it is the first. */
  heading(text: string): void
  /** Broken between words where it is too long; further lines are indented. */
  line(text: string, tone?: Tone): void
  /** Names and values, a line each; undefined ones are left out. */
  pairs(pairs: Readonly<Record<string, string | number | undefined>>): void
  /** Says `none` where there are no rows. */
  table(head: readonly string[], rows: readonly (readonly Cell[])[], none: string): void
  text(): string
}

const styles = { good: 'green', bad: 'red', faint: 'dim', strong: 'bold' } as const

export function createPage({ width, colour }: { readonly width: number; readonly colour: boolean }): Page {
  const lines: string[] = []
  const tint = (text: string, tone: Tone): string =>
    colour && text !== '' ? styleText(styles[tone], text, { validateStream: false }) : text
  const line = (text: string, tone?: Tone): void => {
    const plain = visible(text)
    const indent = /^ */.exec(plain)?.[0] ?? ''
    for (const [index, part] of wrap(plain.slice(indent.length), width - indent.length - 2).entries()) {
      const shown = `${indent}${index === 0 ? '' : '  '}${part}`
      lines.push(tone === undefined ? shown : tint(shown, tone))
    }
  }
  return {
    heading(text) {
      if (lines.length > 0) lines.push('')
      line(text, 'strong')
    },
    line,
    pairs(pairs) {
      const given = Object.entries(pairs).filter(([, value]) => value !== undefined)
      const widest = Math.max(0, ...given.map(([name]) => name.length))
      for (const [name, value] of given) {
        const shown = typeof value === 'number' ? value.toLocaleString('en-GB') : visible(String(value))
        const [first = '', ...rest] = wrap(shown, width - widest - 2)
        lines.push(
          `${tint(name.padEnd(widest), 'faint')}  ${first}`,
          ...rest.map((part) => ' '.repeat(widest + 2) + part),
        )
      }
    },
    table(head, rows, none) {
      if (rows.length === 0) line(none, 'faint')
      else lines.push(...tableLines(head, rows, { width, tint }))
    },
    text: () => lines.map((each) => `${each}\n`).join(''),
  }
}
