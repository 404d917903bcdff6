// Runs the tests of the package in the current folder. Arguments go to vitest, so `node ../../scripts/test-package.mjs
// lanes` runs the files that match. A whole run leaves its counts and exit code behind, which dev.mjs sums up.
import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { reportName } from './dev/reports.mjs'
import { tool } from './dev/run.mjs'

const selection = process.argv.slice(2)
const files = existsSync('src') ? readdirSync('src', { recursive: true, encoding: 'utf8' }) : []
const args = ['run', '--root', '.', '--config', fileURLToPath(new URL('vitest.config.mjs', import.meta.url))]
args.push('--reporter=default')
if (files.some((file) => file.endsWith('.test-d.ts'))) args.push('--typecheck.enabled')
if (selection.length === 0) args.push('--passWithNoTests', '--reporter=json', `--outputFile.json=${reportName}`)

const [node, ...vitest] = tool('vitest', ...args, ...selection)
const exitCode = spawnSync(node, vitest, { stdio: 'inherit' }).status ?? 1
const report = join(process.cwd(), reportName)
if (selection.length === 0 && existsSync(report)) {
  writeFileSync(report, JSON.stringify({ ...JSON.parse(readFileSync(report, 'utf8')), exitCode }))
}
process.exit(exitCode)
