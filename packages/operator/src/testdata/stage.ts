import { createListener } from '@recordcast/listener'
import { defineRecord } from '@recordcast/protocol'
import type { ListenerFact, SourceFact } from '@recordcast/protocol/control'
import { listenerAddress, queueOf, sourceAddress } from '@recordcast/protocol/names'
import { type Broker, silentLogger } from '@recordcast/registry'
import { createSource } from '@recordcast/source'
import { systemClock } from '@recordcast/transport'
import { createMemoryBus, createMemoryTransport } from '@recordcast/transport-memory'
import { onTestFinished, vi } from 'vitest'
import { z } from 'zod'
import { openOperator, type OperatorOptions } from '../index.js'

const user = defineRecord('user', z.object({ login: z.string(), mail: z.string() }))
export const issue = defineRecord(
  'issue',
  z.looseObject({ title: z.string(), state: z.enum(['open', 'closed']), labels: z.array(z.object({ name: z.string() })), authorId: z.string() }),
)
const people = new Map([['u1', { login: 'ann', mail: 'ann@example.org' }]])

export type Stage = ReturnType<typeof stage>

/** A bus on which everybody is real. */
export function stage() {
  const bus = createMemoryBus()
  /** Not closed after the test. */
  const lasting = (): Broker => {
    const transport = createMemoryTransport({ bus })
    return {
      ...{ transport, namespace: 'test', logger: silentLogger, clock: systemClock, random: Math.random },
      close: () => transport.close(),
    }
  }
  const join = (): Broker => {
    const broker = lasting()
    onTestFinished(() => broker.close())
    return broker
  }
  const forge = async () => {
    const source = createSource({
      service: 'forge',
      broker: join(),
      records: [
        {
          type: issue,
          links: {
            author: { type: user, key: (facts) => facts.authorId, load: async (ids) => ids.map((id) => people.get(id) ?? null) },
          },
        },
        { type: user, sensitive: ['mail'] },
      ],
    })
    await source.start()
    onTestFinished(() => source.stop())
    return source
  }
  const listener = (service: string, more: object = {}) => {
    const made = createListener({ service, broker: join(), retry: { delaysMs: [] }, ...more })
    onTestFinished(() => made.stop())
    return made
  }
  const operator = async (options: Partial<OperatorOptions> = {}) => {
    const made = await openOperator({ broker: join(), requestTimeoutMs: 500, ...options })
    onTestFinished(() => made.close())
    return made
  }
  return { lasting, join, forge, listener, operator }
}

export const facts = { title: 'It rains in', state: 'open' as const, labels: [{ name: 'bug' }], authorId: 'u1' }

export function soon(holds: () => void | Promise<void>): Promise<void> {
  return vi.waitFor(holds, { interval: 5, timeout: 5000 })
}

/** The fact of a listener that is away. */
export function listenerFact(service: string, subscriptions: ListenerFact['subscriptions'], set = 'set1'): ListenerFact {
  const queue = queueOf(service)
  return {
    ...{ v: 1, kind: 'listener', service, listener: service, queue, delivery: 'shared', set, generation: 1 },
    ...{ address: listenerAddress(queue, set), since: '2026-01-02T03:04:05.678Z', subscriptions },
  }
}

/** The fact of a source that is away. */
export function sourceFact(service: string, more: Partial<SourceFact> = {}): SourceFact {
  return {
    ...{ v: 1, kind: 'source', service, instance: 'one', address: sourceAddress(service, 'one'), since: '2026-01-02' },
    ...{ records: [], ...more },
  }
}
