import { readFileSync } from 'node:fs'
import { RecordcastError } from '@recordcast/protocol/errors'
import { expect, test } from 'vitest'
import { compilePattern } from './index.js'

interface Row {
  readonly pattern: unknown
  readonly event: unknown
  readonly matches: boolean | 'invalid'
}

const lines = readFileSync(new URL('./testdata/filter-cases.jsonl', import.meta.url), 'utf8').trimEnd().split('\n')
const rows = lines.map((line) => JSON.parse(line) as Row)

/** Rows that are deliberately answered otherwise, by line, each with its reason. There are none. */
const deviations: ReadonlyMap<number, string> = new Map()

function answer({ pattern, event }: Row): boolean | 'invalid' {
  try {
    return compilePattern(pattern).matches(event)
  } catch (error) {
    if (error instanceof RecordcastError && error.code === 'invalid-pattern' && error.path !== undefined) return 'invalid'
    throw error
  }
}

test('every row is answered as event-ruler answers it', () => {
  const counts = { true: 0, false: 0, invalid: 0 }
  const wrong: string[] = []
  for (const [index, row] of rows.entries()) {
    const given = answer(row)
    counts[`${given}`]++
    if (given !== row.matches && !deviations.has(index + 1)) wrong.push(`line ${index + 1}: ${given}: ${lines[index]}`)
  }
  expect(wrong).toEqual([])
  expect(counts).toEqual({ true: 1236, false: 1665, invalid: 99 })
  expect(deviations.size).toBe(0)
})
