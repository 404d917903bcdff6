import type { Config } from './config.js'
import type { Part } from './measure.js'
import { number, printRow } from './print-row.js'
import { type Row, take } from './take.js'

/** Rows, and how many measures failed. */
export interface Taken {
  readonly rows: readonly Row[]
  readonly failed: number
}

/** Takes the measures of a part, one after the other, and writes each as it comes. */
export async function runPart(part: Part, config: Config, write: (text: string) => void): Promise<Taken> {
  const rows: Row[] = []
  let failed = 0
  for await (const measure of part.measures(config)) {
    try {
      const row = await take(part.name, measure)
      rows.push(row)
      write(`${printRow(row)}\n`)
      const also = Object.entries(row.also).map(([name, value]) => `${name} ${told(value)}`)
      if (also.length > 0) write(`    ${also.join(' · ')}\n`)
    } catch (error) {
      failed++
      write(`${measure.name}: FAILED ${error instanceof Error ? error.message : String(error)}\n`)
    }
  }
  return { rows, failed }
}

function told(value: number | string): string {
  return typeof value === 'number' ? number(value) : value
}
