import { cut, visible, widthOf } from './text.js'

export type Tone = 'good' | 'bad' | 'faint' | 'strong'

/** A number is aligned to the right. */
export type Cell = string | number | { readonly text: string; readonly tone: Tone }

export interface TableStyle {
  /** Columns that the table may take. */
  readonly width: number
  readonly tint: (text: string, tone: Tone) => string
}

const gap = 2
/** What a column keeps as long as others have more; and what it keeps whatever it is that does not fit. */
const floors = [10, 4]

/** Lines of a table, two blanks between columns; a column with nothing in it is left out. Where it is too wide, the widest columns give way first. */
export function tableLines(
  names: readonly string[],
  cells: readonly (readonly Cell[])[],
  { width, tint }: TableStyle,
): readonly string[] {
  const kept = [...names.keys()].filter((index) => cells.some((row) => textOf(row[index] ?? '') !== ''))
  const head = kept.map((index) => names[index] ?? '')
  const rows = cells.map((row) => kept.map((index) => row[index] ?? ''))
  const texts = rows.map((row) => head.map((_, index) => textOf(row[index] ?? '')))
  const natural = head.map((name, index) => Math.max(widthOf(name), ...texts.map((row) => widthOf(row[index] ?? ''))))
  const widths = fit(natural, width - gap * (head.length - 1))
  const right = head.map((_, index) => rows.some((row) => typeof row[index] === 'number'))
  const line = (cells: readonly string[], toneOf: (index: number) => Tone | undefined): string => {
    const padded = cells.map((text, index) => {
      const own = cut(text, widths[index] ?? 0)
      const blanks = ' '.repeat(Math.max(0, (widths[index] ?? 0) - widthOf(own)))
      const tone = toneOf(index)
      const tinted = tone === undefined ? own : tint(own, tone)
      if (right[index]) return blanks + tinted
      return index === cells.length - 1 ? tinted : tinted + blanks
    })
    return padded.join(' '.repeat(gap)).trimEnd()
  }
  return [
    line(head, () => 'strong'),
    ...texts.map((row, index) => line(row, (column) => toneOf(rows[index]?.[column]))),
  ]
}

/** What the first column, by which a row is called, may have more than any other. */
const favour = 16

/** Takes columns away from the widest until all fit. */
function fit(natural: readonly number[], width: number): readonly number[] {
  const widths = [...natural]
  const weightOf = (index: number): number => (widths[index] ?? 0) - (index === 0 ? favour : 0)
  let over = widths.reduce((sum, each) => sum + each, 0) - width
  for (const least of floors) {
    while (over > 0) {
      const shrinkable = [...widths.keys()].filter((index) => (widths[index] ?? 0) > least)
      const [widest, next] = shrinkable.sort((a, b) => weightOf(b) - weightOf(a))
      if (widest === undefined) break
      const own = widths[widest] ?? 0
      const lead = next === undefined ? own : weightOf(widest) - weightOf(next)
      const taken = Math.min(over, own - least, Math.max(1, lead))
      widths[widest] = own - taken
      over -= taken
    }
  }
  return widths
}

function textOf(cell: Cell): string {
  if (typeof cell === 'number') return cell.toLocaleString('en-GB')
  return visible(typeof cell === 'string' ? cell : cell.text)
}

function toneOf(cell: Cell | undefined): Tone | undefined {
  return typeof cell === 'object' ? cell.tone : undefined
}
