import { systemClock } from '@recordcast/transport'
import type { ConsumeMessage } from 'amqplib'
import { expect, test } from 'vitest'
import type { Opened } from '../link/channel.js'
import { Twins } from './twins.js'

const channel = (): Opened => ({ closed: false }) as Opened
const message = (messageId: string | undefined, hop?: number): ConsumeMessage =>
  ({ properties: { messageId, headers: hop === undefined ? {} : { 'rc-hop': hop } }, fields: {} }) as ConsumeMessage

function world() {
  let now = 0
  const clock = { ...systemClock, now: () => now }
  const passed = (ms: number): void => {
    now += ms
  }
  return { clock, passed, twins: new Twins(clock, 'q') }
}

test('the twin of a message that was moved on is let go, for two minutes; its next hop and other messages are not', async () => {
  const { twins, passed } = world()
  const opened = channel()
  const settle = await twins.take(opened, message('m'))
  settle?.(true)
  expect(await twins.take(opened, message('m'))).toBeUndefined()
  for (const other of [message('m', 1), message('n'), message(undefined), message(undefined)])
    (await twins.take(opened, other))?.(true)
  expect(await twins.take(opened, message(undefined))).toBeDefined()
  passed(120_000)
  expect(await twins.take(opened, message('m'))).toBeDefined()
})

test('what was acked or put back is no twin of what comes later', async () => {
  const { twins } = world()
  const opened = channel()
  const settle = await twins.take(opened, message('m'))
  settle?.(false)
  expect(await twins.take(opened, message('m'))).toBeDefined()
})

test('a twin waits while the other is in hand over the same channel, and not for one whose channel is gone', async () => {
  const { twins } = world()
  const [before, after] = [channel(), channel()]
  await twins.take(before, message('m'))
  const settle = await twins.take(after, message('m'))
  let letGo = false
  const waiting = twins.take(after, message('m')).then((taken) => {
    letGo = taken === undefined
  })
  await Promise.resolve()
  expect(letGo).toBe(false)
  settle?.(true)
  await waiting
  expect(letGo).toBe(true)
})

test('nothing is let go once the queue has gone, and nothing on a shelf', async () => {
  const { twins, clock } = world()
  const opened = channel()
  ;(await twins.take(opened, message('m')))?.(true)
  twins.forget()
  expect(await twins.take(opened, message('m'))).toBeDefined()
  const shelf = new Twins(clock, 'q!parked')
  ;(await shelf.take(opened, message('m')))?.(true)
  expect(await shelf.take(opened, message('m'))).toBeDefined()
})
