import { createListener } from 'recordcast'
import type { Seen } from '../ledger.js'
import { repository } from '../records/linked.js'
import type { Member, Stage } from './member.js'

const service = 'edge-cache'
const attributes = { name: 'full_name', was: '$before.full_name', private: 'private' } as const

/** One of two instances that each keep a cache in memory: with `delivery: 'each'` both are told of every change. */
export function createEdgeCache({ broker, see }: Stage): Member {
  const cache = new Map<string, boolean>()
  const keep = (event: Seen<{ name: string; was: string | null; private: boolean }>): void => {
    see(service, event)
    const { name, was, private: hidden } = event.data
    if (was !== null) cache.delete(was)
    cache.set(name, hidden)
  }
  const listener = createListener({ service, broker, delivery: 'each' })
  listener.on(repository.created, { attributes }, keep)
  listener.on(repository.changed, { attributes }, keep)
  return {
    service,
    purpose: "two instances, delivery: 'each'",
    listener,
    asks: [attributes],
    result: () => `${cache.size} repositories known`,
  }
}
