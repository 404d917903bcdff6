import assert from 'node:assert/strict'
import { test } from 'node:test'
import { countReport } from './reports.mjs'

const file = (status, ...statuses) => ({
  name: 'a.test.ts',
  status,
  message: 'a hook failed\n  at some line',
  assertionResults: statuses.map((one) => ({
    status: one,
    fullName: 'does it',
    failureMessages: one === 'failed' ? ['Error: it did not\n  at some line'] : [],
  })),
})
const count = (exitCode, ...testResults) => {
  const { complaints, ...counts } = countReport({ testResults, exitCode })
  return { ...counts, complaints: complaints.length }
}

test('every test is counted once', () => {
  const files = [file('passed', 'passed', 'passed', 'skipped'), file('failed', 'failed', 'passed', 'todo')]
  assert.deepEqual(count(1, ...files), { passed: 3, failed: 1, skipped: 2, complaints: 1 })
})

test('a package without tests counts nothing', () => {
  assert.deepEqual(count(0), { passed: 0, failed: 0, skipped: 0, complaints: 0 })
})

test('a file that fails outside its tests is a failure', () => {
  assert.deepEqual(count(1, file('failed')), { passed: 0, failed: 1, skipped: 0, complaints: 1 })
  assert.deepEqual(count(1, file('failed', 'passed')), { passed: 1, failed: 1, skipped: 0, complaints: 1 })
})

test('a run that ends badly with every test passed is a failure', () => {
  assert.deepEqual(count(1, file('passed', 'passed')), { passed: 1, failed: 1, skipped: 0, complaints: 1 })
})

test('a run that did not come to its end, and one that left no report, are failures', () => {
  assert.equal(countReport({ testResults: [file('passed', 'passed')] }).failed, 1)
  assert.equal(countReport(undefined).failed, 1)
})

test('each failure is named with the first line of what it said', () => {
  const { complaints } = countReport({ exitCode: 1, testResults: [file('failed', 'failed'), file('failed')] })
  assert.deepEqual(complaints, [
    'a.test.ts: does it: Error: it did not',
    'a.test.ts failed outside its tests: a hook failed',
  ])
})
