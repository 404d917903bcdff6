import type { ConsumeMessage } from 'amqplib'
import { expect, test } from 'vitest'
import type { Opened } from '../link/channel.js'
import { inTime } from './in-time.js'

const message = (deliveryTag: number): ConsumeMessage => ({ fields: { deliveryTag } }) as ConsumeMessage

/** A channel that answers when it is told to, on a line with a heartbeat of a second. */
function trial(heartbeatMs = 1000) {
  let now = 0
  const timers = new Set<() => void>()
  const clock = {
    now: () => now,
    after(_: number, run: () => void) {
      timers.add(run)
      return () => void timers.delete(run)
    },
    defer: () => {},
  }
  let answer = (): void => {}
  let end = (): void => {}
  let closed = 0
  const ended = new Promise<undefined>((resolve) => {
    end = () => resolve(undefined)
  })
  const channel = {
    prefetch: () =>
      new Promise<void>((resolve) => {
        answer = resolve
      }),
  }
  const opened = { channel, line: { heartbeatMs }, ended, close: async () => void closed++ } as unknown as Opened
  const taken: number[] = []
  const hear = inTime(clock, opened, 7, ({ fields }) => taken.push(fields.deliveryTag))
  const pass = (ms: number): void => {
    now += ms
  }
  const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))
  return { hear, taken, pass, settle, timers, answer: () => answer(), end, closedTimes: () => closed }
}

test('messages are taken as they come while the loop turns', () => {
  const { hear, taken, pass } = trial()
  for (const tag of [1, 2, 3]) {
    pass(400)
    hear(message(tag))
  }
  expect(taken).toEqual([1, 2, 3])
})

test('after a standstill messages wait for an answer of the channel, and keep their order', async () => {
  const { hear, taken, pass, settle, answer } = trial()
  pass(501)
  hear(message(1))
  hear(message(2))
  await settle()
  expect(taken).toEqual([])
  answer()
  hear(message(3))
  await settle()
  expect(taken).toEqual([1, 2, 3])
  hear(message(4))
  expect(taken).toEqual([1, 2, 3, 4])
})

test('a standstill that the timer sees first leaves the same doubt', async () => {
  const { hear, taken, pass, settle, timers, answer } = trial()
  pass(501)
  for (const run of [...timers]) run()
  hear(message(1))
  await settle()
  expect(taken).toEqual([])
  answer()
  await settle()
  expect(taken).toEqual([1])
})

test('without a heartbeat the broker never hangs up, so nothing has to wait and no timer runs', () => {
  const { hear, taken, pass, timers } = trial(0)
  pass(60_000)
  hear(message(1))
  expect(taken).toEqual([1])
  expect(timers.size).toBe(0)
})

test('a queue that has gone closes the channel, and its end the timer', async () => {
  const { hear, settle, timers, end, closedTimes } = trial()
  expect(timers.size).toBe(1)
  hear(null)
  expect(closedTimes()).toBe(1)
  end()
  await settle()
  expect(timers.size).toBe(0)
})
