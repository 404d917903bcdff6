import fc from 'fast-check'
import { expect, test } from 'vitest'
import { toFailure } from './failure.js'
import { type SettleInput, settle } from './settle.js'

const failed = (thrown: unknown) => ({ ok: false, failure: toFailure(thrown) }) as const
const first = { at: '2026-01-01T00:00:00.000Z', error: 'handler-failed: Error: the first' }
const input: SettleInput = {
  outcome: failed(new Error('no')),
  attempt: 1,
  policy: { delaysMs: [1000, 5000], jitter: 0.2 },
  random: () => 0.5,
  first,
}

test('success is acknowledged', () => {
  expect(settle({ ...input, outcome: { ok: true } })).toEqual({ do: 'ack' })
})

test('a failure is retried after the delay of its attempt, and hands on when and why it failed first', () => {
  const headers = { 'first-failed-at': first.at, 'first-error': first.error }
  const why = 'handler-failed: Error: no'
  expect(settle(input)).toEqual({ do: 'retry', afterMs: 1000, why, headers })
  expect(settle({ ...input, attempt: 2 })).toMatchObject({ do: 'retry', afterMs: 5000 })
})

test('a delay is never varied by more than the jitter, and the dice reach both ends', () => {
  expect(settle({ ...input, random: () => 0 })).toMatchObject({ afterMs: 800 })
  expect(settle({ ...input, random: () => 1 - Number.EPSILON })).toMatchObject({ afterMs: 1200 })
  const dice = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true })
  const delays = fc.double({ min: 0, max: 2 ** 31 - 1, noNaN: true })
  fc.assert(
    fc.property(delays, fc.double({ min: 0, max: 1, noNaN: true }), dice, (delay, jitter, roll) => {
      const verdict = settle({ ...input, policy: { delaysMs: [delay], jitter }, random: () => roll })
      if (verdict.do !== 'retry') throw new Error(verdict.do)
      expect(verdict.afterMs).toBeGreaterThanOrEqual(Math.floor(delay * (1 - jitter)))
      expect(verdict.afterMs).toBeLessThanOrEqual(Math.min(2 ** 31 - 1, Math.ceil(delay * (1 + jitter))))
      expect(Number.isInteger(verdict.afterMs)).toBe(true)
    }),
  )
})

test('after the last delay the event is parked with everything known of the failure', () => {
  const error = new Error('broken\r\nhere')
  error.stack = 'Error: broken\n    at place'
  expect(settle({ ...input, attempt: 3, outcome: failed(error) })).toEqual({
    do: 'park',
    why: 'handler-failed: Error: broken \nhere',
    headers: {
      'error-code': 'handler-failed',
      'error-message': 'Error: broken \nhere',
      'error-stack': 'Error: broken\n    at place',
      attempts: '3',
      'first-failed-at': first.at,
      'first-error': first.error,
    },
  })
})

test('without delays the first failure parks', () => {
  expect(settle({ ...input, policy: { delaysMs: [], jitter: 0 } })).toMatchObject({ do: 'park' })
})

test('what can never succeed is parked at once', () => {
  for (const code of ['undecodable', 'unsupported-version']) {
    const failure = { code, message: 'm', stack: '', hopeless: true }
    expect(settle({ ...input, outcome: { ok: false, failure } })).toMatchObject({ do: 'park' })
  }
})

test('headers stay within their bounds whatever was thrown', () => {
  const text = fc.string({ unit: 'binary', maxLength: 9000 })
  fc.assert(
    fc.property(text, text, (message, stack) => {
      const error = Object.assign(new Error(message), { stack })
      const verdict = settle({ ...input, attempt: 9, outcome: failed(error) })
      if (verdict.do !== 'park') throw new Error(verdict.do)
      const bytes = (name: string) => Buffer.byteLength(verdict.headers?.[name] ?? '')
      expect(bytes('error-stack')).toBeLessThanOrEqual(4096)
      expect(bytes('error-message')).toBeLessThanOrEqual(1024)
      expect(Object.values(verdict.headers ?? {}).join('')).toMatch(/^[^\p{Cs}\p{Cc}]*([\n\t][^\p{Cs}\p{Cc}]*)*$/u)
    }),
    { numRuns: 50 },
  )
})

test('whatever was thrown becomes a failure', () => {
  expect(toFailure(undefined).message).toContain('undefined')
  expect(toFailure('text').message).toContain('text')
  const hostile = Object.defineProperty(new Error('x'), 'message', {
    get: () => {
      throw new Error('gotcha')
    },
  })
  expect(toFailure(hostile)).toMatchObject({ code: 'handler-failed', hopeless: false })
})
