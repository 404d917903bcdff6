import { defineRecord } from '@recordcast/protocol'
import type { ListenerFact, Subscription } from '@recordcast/protocol/control'
import { digestOf } from '@recordcast/protocol/language'
import { listenerAddress, queueOf, sourceAddress } from '@recordcast/protocol/names'
import type { ControlAnswer, ControlRequest } from '@recordcast/protocol/requests'
import { announceListener, ask, type Broker, listenerKey, openRegistry, silentLogger } from '@recordcast/registry'
import { systemClock } from '@recordcast/transport'
import { createMemoryTransport } from '@recordcast/transport-memory'
import { expect, onTestFinished, vi } from 'vitest'
import { z } from 'zod'
import { createSource, type SourceOptions } from '../index.js'

export const user = defineRecord('user', z.object({ login: z.string(), mail: z.string(), managerId: z.string().optional() }))
export const issue = defineRecord(
  'issue',
  z.object({
    title: z.string(),
    state: z.string(),
    secret: z.string().optional(),
    author: z.object({ login: z.string(), mail: z.string() }),
    extra: z.record(z.string(), z.unknown()).optional(),
  }),
)

type AnswerTo<K extends ControlRequest['kind']> = Extract<ControlAnswer, { kind: K }>
type Asked<R> = R extends { kind: infer K extends ControlRequest['kind'] } ? AnswerTo<K> : never

/** A started source on a bus of its own, listeners that are facts and queues, and questions to the source. */
export async function rig(options: Partial<SourceOptions> = {}) {
  const transport = createMemoryTransport()
  onTestFinished(() => transport.close())
  const broker: Broker = {
    transport,
    namespace: '',
    logger: silentLogger,
    clock: systemClock,
    random: Math.random,
    close: () => transport.close(),
  }
  const people: Record<string, { login: string; mail: string }> = {
    u1: { login: 'ann', mail: 'ann@example.org' },
    u2: { login: 'bob', mail: 'bob@example.org' },
  }
  const author = {
    type: user,
    key: (facts: Readonly<Record<string, unknown>>) => facts.authorId,
    load: async (ids: readonly string[]) =>
      ids.map((id) => (id === 'broken' ? new Error('no such person') : (people[id] ?? null))),
  }
  const source = createSource({
    service: 'forge',
    broker,
    records: [
      { type: issue, links: { author: { ...author, cache: { max: 10, ttlMs: 60_000 } } }, sensitive: ['secret'] },
      { type: user, sensitive: ['mail'] },
    ],
    ...options,
  })
  await source.start()
  onTestFinished(() => source.stop())
  const registry = await openRegistry({ transport })
  onTestFinished(() => registry.stop())
  const fact = [...registry.snapshot().sources.values()][0]!
  return {
    broker,
    transport,
    source,
    fact,
    address: sourceAddress('forge', fact.instance),
    ask: <R extends ControlRequest>(request: R): Promise<Asked<R>> =>
      ask(transport, fact.address, request, 5000) as Promise<Asked<R>>,
    /** The titles of so many events, in the order in which they came into a queue. */
    async titlesIn(queue: string, count: number): Promise<unknown[]> {
      const titles: unknown[] = []
      const running = await transport.consume(queue, { concurrency: 1 }, async ({ message: { body } }) => {
        titles.push(JSON.parse(new TextDecoder().decode(body)).data.title)
        return { do: 'ack' }
      })
      await vi.waitFor(() => expect(titles.length).toBe(count))
      await running.stop()
      return titles
    },
    /** Gives the key of the fact once the source has taken it in. */
    async subscribe(name: string, subscription: Partial<Subscription> = {}): Promise<string> {
      const queue = queueOf(name)
      const whole: Subscription = { event: 'issue.changed', attributes: ['title'], tenants: 'all', ...subscription }
      const set = digestOf([JSON.stringify(whole)])
      const made: ListenerFact = {
        ...{ v: 1, kind: 'listener', service: name, listener: name, queue, delivery: 'shared', set, generation: 1 },
        ...{ address: listenerAddress(queue, set), since: '2026-01-01T00:00:00.000Z', subscriptions: [whole] },
      }
      await transport.declare(queue)
      await announceListener(transport, made)
      const key = listenerKey(made)
      await ask(transport, fact.address, { v: 1, kind: 'verdict', key, set }, 5000)
      return key
    },
  }
}

/** What an issue looks like before and after it was closed. */
export const closing = { before: { title: 'T', state: 'open', authorId: 'u1' }, after: { title: 'T', state: 'closed', authorId: 'u1' } }
