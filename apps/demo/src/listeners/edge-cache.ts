import { createListener } from 'recordcast'
import type { Seen } from '../ledger.js'
import { repository } from '../records/linked.js'
import type { Listener } from '../sdk.js'
import type { Member, Stage } from './member.js'

const service = 'edge-cache'
const attributes = { name: 'full_name', was: '$before.full_name', private: 'private' } as const

/** Two instances that each keep a cache in memory: with `delivery: 'each'` both are told of every change. */
export function createEdgeCache({ broker, see }: Stage): Member {
  const caches = [new Map<string, boolean>(), new Map<string, boolean>()]
  const instances = caches.map((cache): Listener => {
    const keep = (event: Seen<{ name: string; was: string | null; private: boolean }>): void => {
      see(service, event)
      const { name, was, private: hidden } = event.data
      if (was !== null) cache.delete(was)
      cache.set(name, hidden)
    }
    const listener = createListener({ service, broker, delivery: 'each' })
    listener.on(repository.created, { attributes }, keep)
    listener.on(repository.changed, { attributes }, keep)
    return listener
  })
  return {
    service,
    purpose: "two instances, delivery: 'each'",
    instances,
    asks: [attributes],
    result: () => `repositories known: ${caches.map(({ size }) => size).join(' here, ')} there`,
  }
}
