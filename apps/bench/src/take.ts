import { setTimeout as pause } from 'node:timers/promises'
import type { Bar, Measure } from './measure.js'

/** A measure as it was taken. Figures are medians of the runs. */
export interface Row {
  readonly part: string
  readonly name: string
  readonly against: string
  readonly unit: string
  readonly ours: number
  readonly theirs: number | undefined
  /** How many times better ours is; the median of the ratios of neighbouring runs. undefined without another side. */
  readonly ratio: number | undefined
  readonly runs: number
  /** (largest − smallest) / median of our figures. */
  readonly spread: number
  readonly bars: readonly { readonly bar: Bar; readonly met: boolean }[]
  readonly also: Readonly<Record<string, number | string>>
}

const settleMs = 50

/** Takes a measure: a warm-up of each side that is not counted, then ours and theirs in turns. */
export async function take(part: string, measure: Measure): Promise<Row> {
  const { name, against, unit, better, runs = 5 } = measure
  const ours: number[] = []
  const theirs: number[] = []
  try {
    await measure.ours()
    await measure.theirs?.()
    for (let run = 0; run < runs; run++) {
      await settle()
      ours.push(await measure.ours())
      if (measure.theirs === undefined) continue
      await settle()
      theirs.push(await measure.theirs())
    }
  } finally {
    await measure.end?.()
  }
  const ratios = theirs.map((other, run) => (better === 'higher' ? ours[run]! / other : other / ours[run]!))
  const own = median(ours)
  const ratio = ratios.length === 0 ? undefined : median(ratios)
  const spread = own === 0 ? 0 : (Math.max(...ours) - Math.min(...ours)) / own
  const bars = measure.bars.map((bar) => ({ bar, met: isMet(bar, bar.of === 'ratio' ? ratio : own) }))
  const also = measure.also?.() ?? {}
  return {
    ...{ part, name, against, unit, ours: own, theirs: theirs.length === 0 ? undefined : median(theirs), ratio },
    ...{ runs, spread, bars, also },
  }
}

/** Garbage of one run is not the next one's to pay for. */
async function settle(): Promise<void> {
  globalThis.gc?.()
  await pause(settleMs)
}

export function median(figures: readonly number[]): number {
  const sorted = [...figures].sort((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2
}

function isMet({ atLeast, atMost }: Bar, figure: number | undefined): boolean {
  if (figure === undefined) return false
  return (atLeast === undefined || figure >= atLeast) && (atMost === undefined || figure <= atMost)
}
