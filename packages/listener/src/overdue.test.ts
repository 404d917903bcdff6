import { type Delivery, TransportError } from '@recordcast/transport'
import { expect, test } from 'vitest'
import { createOverdue } from './overdue.js'
import type { Outcome } from './settle.js'

const failure: Outcome = { ok: false, failure: { code: 'handler-failed', message: 'm', stack: '', hopeless: false } }

function deliveryOf(id: string, attempt: number, reason?: unknown): Delivery {
  const controller = new AbortController()
  if (reason !== undefined) controller.abort(reason)
  const message = { id, body: new Uint8Array(), headers: {} }
  return { message, attempt, redelivered: false, signal: controller.signal }
}

const late = new TransportError('delivery-overdue', 'too late')
const broken = new TransportError('connection-lost', 'gone')

test('the failure of an overdue delivery settles the next delivery of that attempt, once', () => {
  const overdue = createOverdue()
  expect(overdue.keep(deliveryOf('m', 1, late), failure)).toBe(true)
  expect(overdue.take(deliveryOf('other', 1))).toBeUndefined()
  expect(overdue.take(deliveryOf('m', 1))).toBe(failure)
  expect(overdue.take(deliveryOf('m', 1))).toBeUndefined()
})

test('a failure that somebody hears, one over a link that broke, and a success are not kept', () => {
  const overdue = createOverdue()
  expect(overdue.keep(deliveryOf('m', 1), failure)).toBe(false)
  expect(overdue.keep(deliveryOf('m', 1, broken), failure)).toBe(false)
  expect(overdue.keep(deliveryOf('m', 1, late), { ok: true })).toBe(false)
  expect(overdue.take(deliveryOf('m', 1))).toBeUndefined()
})

test('a failure of an attempt that was settled elsewhere meanwhile is forgotten', () => {
  const overdue = createOverdue()
  overdue.keep(deliveryOf('m', 1, late), failure)
  expect(overdue.take(deliveryOf('m', 2))).toBeUndefined()
  expect(overdue.take(deliveryOf('m', 1))).toBeUndefined()
})
