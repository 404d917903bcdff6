import { announcePause, withdrawPause } from '@recordcast/registry/operator'
import { connect, createListener } from 'recordcast'
import { afterEach, describe, expect, test } from 'vitest'
import { startNats } from '../brokers/nats.js'
import { startRabbit } from '../brokers/rabbit.js'
import { wants } from '../testdata/transports.js'
import { cleanups, closing, forge, gather, issue } from './forge.js'

/*
An operator pauses a listener with two instances, while events come, and lets it go on: on each broker, because there the consumers, the boards and the queue are
the broker's.
*/

const ends = cleanups()
afterEach(() => ends.run())

async function pausing(url: string): Promise<void> {
  const open = async () => {
    const broker = await connect(url)
    ends.add(() => broker.close())
    return broker
  }
  const operator = await open()
  const source = forge(await open())
  ends.add(() => source.stop())
  await source.start()
  const seen = gather<string>()
  const instance = async () => {
    const listener = createListener({ service: 'notifier', broker: await open() })
    listener.on(issue.changed, { attributes: ['title', 'author.login'] }, (event) => seen.add(event.record))
    ends.add(() => listener.stop())
    await listener.start()
    return listener
  }
  const instances = [await instance(), await instance()]
  await source.emit(issue.changed, closing('1'))
  await seen.until(1)
  const { transport } = operator
  await announcePause(transport, { v: 1, kind: 'pause', queue: 'notifier', since: new Date().toISOString(), by: 'ann' })
  const paused = () => instances.map((listener) => listener.stats().paused)
  await expect.poll(paused, { timeout: 20_000 }).toEqual([true, true])
  for (const id of ['2', '3', '4'])
    expect((await source.emit(issue.changed, closing(id))).delivered).toEqual(['notifier'])
  // What a consumer gave back as it stopped, NATS counts as unsettled until somebody asks for it again.
  const left = async () => {
    const { ready = 0, unsettled = 0, attended } = (await transport.inspect('notifier')) ?? {}
    return { messages: ready + unsettled, attended }
  }
  await expect.poll(left, { timeout: 20_000 }).toEqual({ messages: 3, attended: false })

  // Who starts now finds the pause on the board.
  const late = await instance()
  expect(late.stats().paused).toBe(true)
  await instances[0]!.stop()
  expect(seen.items).toEqual(['1'])
  await withdrawPause(transport, 'notifier')
  expect((await seen.until(4)).toSorted()).toEqual(['1', '2', '3', '4'])
  await expect.poll(() => late.stats().paused, { timeout: 20_000 }).toBe(false)
}

test('a paused listener takes nothing, and everything when it goes on', () => pausing('memory://pausing'))

describe.skipIf(!wants('nats'))('NATS', () => {
  test('a paused listener takes nothing, and everything when it goes on', { timeout: 60_000 }, async () => {
    const server = await startNats()
    ends.add(() => server.stop())
    await pausing(server.url)
  })
})

describe.skipIf(!wants('amqp'))('RabbitMQ', () => {
  test('a paused listener takes nothing, and everything when it goes on', { timeout: 120_000 }, async () => {
    const server = await startRabbit()
    ends.add(() => server.stop())
    await pausing(server.url)
  })
})
