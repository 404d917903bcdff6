import { describe, expect, test } from 'vitest'
import { importRules } from './house/import-rules.js'
import { manifestRules } from './house/manifest-rules.js'
import { hasCeiling, linesOf, sourceRules } from './house/source-rules.js'
import { houseOf, readFiles, root } from './house/tree.js'

// The rules are functions over files; house-rules.test.ts shows that each of them can fail.
const files = readFiles(root)
const house = houseOf(files)

describe('in this house', () => {
  test('there are packages and sources to look at', () => {
    const names = house.packages.map(({ name }) => name)
    expect(names).toEqual(expect.arrayContaining(['protocol', 'transport', 'recordcast', 'demo', 'e2e']))
    for (const { folder, sources } of house.packages) expect(sources, folder).not.toEqual([])
  })

  for (const { fact, offences } of [...manifestRules, ...importRules, ...sourceRules]) {
    test(fact, () => {
      expect(offences(house).join('\n')).toBe('')
    })
  }

  test('the median file is short', () => {
    const sizes = files
      .filter(({ path }) => hasCeiling(path))
      .map(({ path, text }) => ({ path, lines: linesOf(text) }))
      .sort((a, b) => a.lines - b.lines)
    const median = sizes[Math.floor(sizes.length / 2)]?.lines ?? 0
    const largest = sizes.slice(-3).reverse()
    const named = largest.map(({ path, lines }) => `${path} ${lines}`).join(', ')
    console.log(`lines a file: median ${median} of ${sizes.length} files; largest ${named}`)
    expect(median).toBeGreaterThan(0)
    expect(median).toBeLessThanOrEqual(100)
  })
})
