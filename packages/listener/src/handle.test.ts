import { expect, test } from 'vitest'
import { handle } from './handle.js'
import type { Handler, HandlerContext } from './handler.js'
import { createPatience } from './patience.js'
import { createManualClock } from './testdata/clock.js'
import { wireEvent } from './testdata/stage.js'

/** A delivery that counts how often its signal is asked for. */
function countingDelivery() {
  const controller = new AbortController()
  let asked = 0
  const delivery = {
    message: { id: 'm', body: new Uint8Array(), headers: {} },
    attempt: 3,
    redelivered: true,
    get aborted() {
      return controller.signal.aborted
    },
    get signal() {
      asked++
      return controller.signal
    },
  }
  return { delivery, abort: (reason: Error) => controller.abort(reason), asked: () => asked }
}

function call(handler: Handler<Record<string, unknown>>) {
  const clock = createManualClock()
  const { delivery, abort, asked } = countingDelivery()
  const { subject: record, ...rest } = wireEvent()
  const event = { ...rest, record, audience: 'service' as const, missing: [] }
  const patience = createPatience()
  const outcome = handle({ handler, event, timeoutMs: 1000, clock, delivery, patience })
  return { outcome, clock, abort, asked, patience }
}

test('a handler that gives no promise has its outcome at once: no timer, no signal, nothing to wait for', () => {
  const { outcome, clock, asked } = call((event, { attempt }) => `${event.id} ${attempt}`)
  expect(outcome).toEqual({ ok: true })
  expect(clock.armed).toBe(0)
  expect(asked()).toBe(0)
  const thrown = call(() => {
    throw new TypeError('no')
  })
  expect(thrown.outcome).toMatchObject({ ok: false, failure: { message: 'TypeError: no' } })
  expect(thrown.clock.armed).toBe(0)
})

test('a handler that gives a promise without asking for its signal costs one timer', async () => {
  const { outcome, clock, asked } = call(async () => undefined)
  expect(clock.armed).toBe(1)
  expect(await outcome).toEqual({ ok: true })
  expect(clock.armed).toBe(0)
  expect(asked()).toBe(0)
})

test('the context can be taken apart, spread and kept, by a handler of any number of parameters', () => {
  const seen: HandlerContext[] = []
  const handlers: Handler<Record<string, unknown>>[] = [
    (_, context) => seen.push({ ...context }),
    (_, { signal, attempt }) => seen.push({ signal, attempt }),
    (...all) => seen.push({ ...all[1] }),
    (_, context = undefined as never) => seen.push(Object.fromEntries(Object.entries(context)) as never),
  ]
  for (const handler of handlers) call(handler)
  expect(seen).toHaveLength(handlers.length)
  for (const context of seen) {
    expect(Object.keys(context).sort()).toEqual(['attempt', 'signal'])
    expect(context.attempt).toBe(3)
    expect(context.signal).toBeInstanceOf(AbortSignal)
    expect(context.signal.aborted).toBe(false)
  }
})

test.each([
  ['before', 'the link'],
  ['after', 'the link'],
  ['before', 'patience'],
  ['after', 'patience'],
  ['before', 'time'],
  ['after', 'time'],
])('a signal that is asked for %s %s has ended tells of it, with the reason', async (when, what) => {
  let context: HandlerContext | undefined
  let early: AbortSignal | undefined
  const { clock, abort, patience } = call(async (_, given) => {
    context = given
    if (when === 'before') early = given.signal
    await new Promise(() => undefined)
  })
  if (what === 'the link') abort(new Error('the link has gone'))
  else if (what === 'patience') patience.end()
  else await clock.advance(1000)
  const signal = early ?? context!.signal
  expect(signal).toBe(context!.signal)
  expect(signal.aborted).toBe(true)
  const reasons = { 'the link': 'the link has gone', patience: 'The listener has stopped', time: 'longer than 1000 ms' }
  expect(String(signal.reason)).toContain(reasons[what as keyof typeof reasons])
})

test('a signal that is first asked for when all is over is not aborted by what happens later', async () => {
  let context: HandlerContext | undefined
  const { outcome, abort, asked } = call((_, given) => {
    context = given
  })
  expect(outcome).toEqual({ ok: true })
  const { signal } = context!
  abort(new Error('the link has gone'))
  expect(signal.aborted).toBe(false)
  expect(asked()).toBe(0)
})
