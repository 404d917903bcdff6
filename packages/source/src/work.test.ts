import { defineRecord } from '@recordcast/protocol'
import type { ListenerFact } from '@recordcast/protocol/control'
import { digestOf } from '@recordcast/protocol/language'
import { listenerAddress, queueOf } from '@recordcast/protocol/names'
import { announceListener, type Broker, silentLogger, withdrawListener } from '@recordcast/registry'
import { type Message, systemClock, type Transport } from '@recordcast/transport'
import { createMemoryTransport } from '@recordcast/transport-memory'
import { afterEach, expect, test } from 'vitest'
import { z } from 'zod'
import { createSource } from './index.js'

/*
What an event costs, counted: loader calls, values read and encoded, bodies, publishes. A change that makes the work grow with the listeners fails here, on
any machine.
*/

const issue = defineRecord(
  'issue',
  z.object({
    title: z.string(),
    author: z.object({ login: z.string() }).optional(),
    repository: z.object({ name: z.string() }).optional(),
    milestone: z.object({ name: z.string() }).optional(),
  }),
)

/** A running source, listeners that are only facts and queues, and the count of all that goes to the transport or comes from loaders. */
async function rig() {
  const transport = createMemoryTransport()
  const published: { queues: readonly string[]; message: Message }[] = []
  const counting = new Proxy(transport, {
    get(target, name: keyof Transport) {
      if (name !== 'publish') return typeof target[name] === 'function' ? target[name].bind(target) : target[name]
      return (queues: readonly string[], message: Message) => {
        published.push({ queues, message })
        return target.publish(queues, message)
      }
    },
  })
  const broker: Broker = {
    transport: counting,
    namespace: '',
    logger: silentLogger,
    clock: systemClock,
    random: Math.random,
    close: () => transport.close(),
  }
  const calls = { author: 0, repository: 0, milestone: 0 }
  const reads = { login: 0 }
  const link = (name: keyof typeof calls) => ({
    key: (facts: Record<string, unknown>) => facts[`${name}Id`],
    maxBatch: 100,
    load: async (ids: readonly string[]) => {
      calls[name]++
      return ids.map((id) => ({
        name: `${name} ${id}`,
        get login() {
          reads.login++
          return `user ${id}`
        },
      }))
    },
  })
  const links = { author: link('author'), repository: link('repository'), milestone: link('milestone') }
  const source = createSource({ service: 'forge', broker, records: [{ type: issue, links }] })
  await source.start()
  cleanups.push(async () => {
    await source.stop()
    await transport.close()
  })
  const subscribe = async (name: string, attributes: readonly string[]): Promise<ListenerFact> => {
    const subscriptions = [{ event: 'issue.changed', attributes: [...attributes].sort(), tenants: 'all' as const }]
    const [queue, set] = [queueOf(name), digestOf([JSON.stringify(subscriptions)])]
    const head = { v: 1, kind: 'listener', service: name, listener: name, queue, delivery: 'shared', set } as const
    const since = '2026-01-01T00:00:00.000Z'
    const fact = { ...head, generation: 1, address: listenerAddress(queue, set), since, subscriptions }
    const before = source.stats().listeners.length
    await transport.declare(queue)
    await announceListener(transport, fact)
    await expect.poll(() => source.stats().listeners.length).toBe(before + 1)
    return fact
  }
  return {
    source,
    published,
    calls,
    reads,
    subscribe,
    withdraw: (fact: ListenerFact) => withdrawListener(transport, fact),
  }
}

const cleanups: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup()
})

const someIssue = (n: number) => ({
  id: `${n}`,
  after: { title: `Issue ${n}`, authorId: `${n % 7}`, repositoryId: 'r', milestoneId: `${n}` },
})

const shapes = [
  ['title'],
  ['author.login'],
  ['title', 'author.login'],
  ['author.login', 'repository.name'],
  ['author.login', 'milestone.name', 'title'],
]

test('for 50 listeners in 5 shapes each link is loaded once a batch, each value is read once an event, and each body is made and published once', async () => {
  const { source, published, calls, reads, subscribe } = await rig()
  for (let n = 0; n < 50; n++) await subscribe(`listener-${n}`, shapes[n % shapes.length]!)
  const events = 200
  const results = await Promise.all(Array.from({ length: events }, (_, n) => source.emit(issue.changed, someIssue(n))))
  expect(results.every(({ delivered }) => delivered.length === 50)).toBe(true)
  // 7 authors and one repository fit one batch; 200 milestones take two.
  expect(calls).toEqual({ author: 1, repository: 1, milestone: 2 })
  expect(reads.login).toBeLessThanOrEqual(events)
  expect(published).toHaveLength(shapes.length * events)
  expect(source.stats()).toMatchObject({ projections: shapes.length * events, published: 50 * events })
  const bodies = new Set(published.map(({ message }) => message.body))
  expect(bodies.size).toBe(shapes.length * events)
})

test('an event that nobody wants is looked at by its schema and by nothing else', async () => {
  const { source, published, calls, subscribe } = await rig()
  let read = 0
  const emit = () =>
    source.emit(issue.changed, {
      id: '1',
      after: {
        title: 'T',
        get authorId() {
          read++
          return '1'
        },
      },
    })
  expect(await emit()).toMatchObject({ delivered: [], gone: [] })
  expect({ read, published: published.length, calls: calls.author }).toEqual({ read: 0, published: 0, calls: 0 })
  await subscribe('listener', ['author.login'])
  expect(await emit()).toMatchObject({ delivered: ['listener'] })
  expect({ read, published: published.length, calls: calls.author }).toEqual({ read: 1, published: 1, calls: 1 })
})

test('who gets which body is decided anew whenever somebody comes, changes or goes', async () => {
  const { source, published, subscribe, withdraw } = await rig()
  const got = async () => {
    published.length = 0
    const { delivered } = await source.emit(issue.changed, someIssue(1))
    const bodies = published.map(({ queues, message }) => [
      [...queues].sort(),
      Object.keys(JSON.parse(new TextDecoder().decode(message.body)).data).sort(),
    ])
    return { delivered, bodies: bodies.sort((a, b) => (String(a) < String(b) ? -1 : 1)) }
  }
  const a = await subscribe('a', ['title'])
  expect(await got()).toEqual({ delivered: ['a'], bodies: [[['a'], ['title']]] })
  const b = await subscribe('b', ['title'])
  expect(await got()).toEqual({ delivered: ['a', 'b'], bodies: [[['a', 'b'], ['title']]] })
  expect(await got()).toEqual({ delivered: ['a', 'b'], bodies: [[['a', 'b'], ['title']]] })
  const changed = await subscribe('b', ['title', 'milestone.name'])
  await withdraw(b)
  await expect.poll(() => source.stats().listeners.length).toBe(2)
  expect(await got()).toEqual({
    delivered: ['a', 'b'],
    bodies: [
      [['a'], ['title']],
      [['b'], ['milestone.name', 'title']],
    ],
  })
  await withdraw(a)
  await withdraw(changed)
  await expect.poll(() => source.stats().listeners.length).toBe(0)
  expect(await got()).toEqual({ delivered: [], bodies: [] })
})
