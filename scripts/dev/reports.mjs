import { existsSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { root, workspacePackages } from './workspace.mjs'

/** What test-package.mjs leaves behind: vitest's JSON report with the run's `exitCode` beside it. */
export const reportName = '.vitest-report.json'

const tested = () => workspacePackages().filter(({ manifest }) => manifest.scripts?.test !== undefined)

/** Takes away the reports of earlier runs, so that each report found later is of this run. */
export function clearReports() {
  for (const { folder } of tested()) rmSync(join(root, folder, reportName), { force: true })
}

/** The counts of every package that has tests to run, and their sum. */
export function sumReports() {
  const packages = []
  const complaints = []
  for (const { folder, manifest } of tested()) {
    const file = join(root, folder, reportName)
    const report = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : undefined
    const counts = countReport(report)
    packages.push({ name: manifest.name, ...counts })
    complaints.push(
      ...counts.complaints.map((complaint) => `${manifest.name}: ${complaint.replaceAll(join(root, '/'), '')}`),
    )
  }
  const sum = (key) => packages.reduce((total, counts) => total + counts[key], 0)
  return { packages, complaints, passed: sum('passed'), failed: sum('failed'), skipped: sum('skipped') }
}

/**
 * Counts one report, and says of each failure which test it was and how its message begins: whoever reads only the end of a
 * run's output, all that some CI keeps, can go on from there. A file that failed outside its tests (an import, a hook, the leak check) counts as a failure, and
 * so does a run that ended badly with every test passed (an unhandled rejection), or that left no report at all.
 */
export function countReport(report) {
  const counts = { passed: 0, failed: 0, skipped: 0, complaints: [] }
  const fail = (complaint) => {
    counts.failed++
    counts.complaints.push(complaint)
  }
  if (report === undefined) {
    fail('no report: the tests did not run')
    return counts
  }
  for (const file of report.testResults) {
    const failedBefore = counts.failed
    for (const { status, fullName, failureMessages } of file.assertionResults) {
      if (status === 'passed') counts.passed++
      else if (status === 'failed') fail(`${file.name}: ${fullName}: ${failureMessages[0]?.split('\n')[0]}`)
      else counts.skipped++
    }
    if (file.status === 'failed' && counts.failed === failedBefore) {
      fail(`${file.name} failed outside its tests: ${file.message?.split('\n')[0]}`)
    }
  }
  if (report.exitCode !== 0 && counts.failed === 0) fail(`exit code ${report.exitCode} although no test failed`)
  return counts
}
