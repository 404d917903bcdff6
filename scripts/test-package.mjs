// Runs the tests of the package in the current folder and leaves the counts in .vitest-report.json, which
// dev.mjs sums up. Arguments go to vitest, so `node ../../scripts/test-package.mjs lanes` runs the files that match.
import { spawnSync } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const here = dirname(fileURLToPath(import.meta.url))
const require = createRequire(join(here, '..', 'package.json'))
const vitest = join(dirname(require.resolve('vitest/package.json')), 'vitest.mjs')
const files = readdirSync('src', { recursive: true, encoding: 'utf8' })
const args = ['run', '--root', '.', '--config', join(here, 'vitest.config.mjs')]
args.push('--reporter=default', '--reporter=json', '--outputFile.json=.vitest-report.json', '--passWithNoTests')
if (files.some((file) => file.endsWith('.test-d.ts'))) args.push('--typecheck.enabled')
const { status } = spawnSync(process.execPath, [vitest, ...args, ...process.argv.slice(2)], { stdio: 'inherit' })
process.exit(status ?? 1)
