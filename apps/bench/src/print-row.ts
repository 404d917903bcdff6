import type { Bar } from './measure.js'
import type { Row } from './take.js'

export const head = line(['measure', 'against', 'ours', 'theirs', 'ratio', 'runs', 'spread', 'bar'])

/** One row of the table. */
export function printRow({ name, against, unit, ours, theirs, ratio, runs, spread, bars }: Row): string {
  const told = bars.map(({ bar, met }) => `${barText(bar)} ${met ? 'met' : 'MISSED'}`).join(', ')
  const figures = [`${number(ours)} ${unit}`, theirs === undefined ? '–' : number(theirs)]
  const times = ratio === undefined ? '–' : `${number(ratio)} ×`
  return line([name, against, ...figures, times, String(runs), `${Math.round(spread * 100)} %`, told])
}

/** Three digits that matter, thousands set apart. */
export function number(figure: number): string {
  if (figure === 0) return '0'
  const digits = Math.max(0, 2 - Math.floor(Math.log10(Math.abs(figure))))
  return figure.toLocaleString('en-GB', { maximumFractionDigits: Math.min(digits, 4) })
}

function barText({ of, atLeast, atMost }: Bar): string {
  const bound = atLeast === undefined ? `≤ ${number(atMost ?? Number.NaN)}` : `≥ ${number(atLeast)}`
  return of === 'ratio' ? `${bound} ×` : bound
}

function line(cells: readonly string[]): string {
  const widths = [52, 30, 18, 12, 10, 4, 6, 0]
  return cells
    .map((cell, at) => (at >= 2 && at <= 6 ? cell.padStart(widths[at]!) : cell.padEnd(widths[at]!)))
    .join('  ')
    .trimEnd()
}
