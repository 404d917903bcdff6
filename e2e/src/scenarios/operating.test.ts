import { openOperator } from '@recordcast/operator'
import { connect, createListener } from 'recordcast'
import { afterEach, describe, expect, test } from 'vitest'
import { startNats } from '../brokers/nats.js'
import type { BrokerNode } from '../brokers/node.js'
import { startRabbit } from '../brokers/rabbit.js'
import { wait } from '../brokers/wait-until.js'
import { wants } from '../testdata/transports.js'
import { cleanups, closing, forge, gather, issue } from './forge.js'

/*
An operator looks for an event, finds it parked, replays it and sees it handled; then the broker goes away, everything that needs it is refused with a code, and it comes
back; at last the listener is withdrawn. On each broker, because queues, shelves, boards and requests are the broker's.
*/

const ends = cleanups()
afterEach(() => ends.run(), 60_000)

/** A RabbitMQ that is killed may lose a stream that was declared a moment before: a board's, here. */
const settledMs = 2000

async function operating(url: string, nodes: readonly BrokerNode[]): Promise<void> {
  const open = async () => {
    const broker = await connect(url)
    ends.add(() => broker.close())
    return broker
  }
  const operator = await openOperator({ broker: await open() })
  ends.add(() => operator.close())
  const source = forge(await open())
  ends.add(() => source.stop())
  await source.start()
  const listener = createListener({ service: 'notifier', broker: await open(), retry: { delaysMs: [] } })
  const handled = gather<string>()
  let isSound = false
  listener.on(issue.changed, { attributes: ['title', 'author.login'], where: { state: ['closed'] } }, ({ record }) => {
    if (!isSound) throw new Error('no such template')
    handled.add(record)
  })
  ends.add(() => listener.stop())
  await listener.start()
  await source.emit(issue.changed, closing('1'), { id: 'e1' })
  await expect.poll(async () => (await operator.parked('notifier')).total, { timeout: 20_000 }).toBe(1)

  const told = await operator.explain({ listener: 'notifier', event: 'e1' })
  expect(told).toMatchObject({ fate: 'parked', unknown: [], parked: { code: 'handler-failed' } })
  expect(await operator.parkedMessage('notifier', 'e1')).toMatchObject({ event: { subject: '1' }, masked: 'no' })
  expect(await operator.listener('notifier')).toMatchObject({
    ...{ depth: { parked: 1, attended: true }, counts: { events: [{ event: 'issue.changed', delivered: 1 }] } },
    sets: [{ instance: { stats: { parked: 1 } }, verdicts: [{ verdicts: [{ verdict: 'accepted' }] }] }],
  })
  isSound = true
  expect(await operator.replay('notifier', { which: { all: true }, by: 'ann' })).toMatchObject({
    replayed: 1,
    failures: 0,
  })
  expect(await handled.until(1)).toEqual(['1'])
  expect((await operator.parked('notifier')).total).toBe(0)

  const [node] = nodes
  if (node !== undefined) {
    await wait(settledMs)
    await node.kill()
    await expect.poll(() => operator.reaches(1000), { timeout: 20_000 }).toBe(false)
    await expect(operator.parked('notifier')).rejects.toMatchObject({
      code: expect.stringMatching(/^(connection-lost|not-confirmed)$/),
    })
    expect((await operator.subscriptions()).total).toBe(1)
    expect(await operator.listener('notifier')).toMatchObject({ problem: { code: 'connection-lost' } })
    await node.restart()
    await node.whenUp()
    await expect.poll(() => operator.reaches(1000), { timeout: 40_000 }).toBe(true)
    await expect.poll(async () => (await operator.sources()).items[0]?.emitted, { timeout: 40_000 }).toBe(1)
    // Until the listener is back as well, it is nobody.
    const answers = async () => (await operator.listener('notifier')).sets[0]?.instance !== undefined
    await expect.poll(answers, { timeout: 40_000 }).toBe(true)
  }

  const sure = { by: 'ann', confirm: 'notifier' }
  await expect(operator.withdraw('notifier', sure)).rejects.toMatchObject({ code: 'listener-alive' })
  await listener.stop()
  // A broker may take a moment to see that nobody takes from the queue any more.
  await expect.poll(async () => (await operator.listener('notifier')).depth?.attended, { timeout: 40_000 }).toBe(false)
  expect(await operator.withdraw('notifier', sure)).toMatchObject({ facts: 1, withdrawn: true })
  expect(await operator.orphans()).toMatchObject({ facts: [], setAside: [] })
}

test('an event that was parked is found, explained, replayed and handled', () => operating('memory://operating', []))

describe.skipIf(!wants('nats'))('NATS', () => {
  test('an event that was parked is found, explained, replayed and handled', { timeout: 120_000 }, async () => {
    const server = await startNats()
    ends.add(() => server.stop())
    await operating(server.url, server.nodes)
  })
})

describe.skipIf(!wants('amqp'))('RabbitMQ', () => {
  test('an event that was parked is found, explained, replayed and handled', { timeout: 240_000 }, async () => {
    const server = await startRabbit()
    ends.add(() => server.stop())
    await operating(server.url, server.nodes)
  })
})
