import { encodeName } from '@recordcast/protocol/names'
import type { WireEvent } from '@recordcast/protocol/wire'
import type { Clock } from '@recordcast/transport'
import { LRUCache } from 'lru-cache'
import type { DedupStore } from './options.js'

/** Under what an event is remembered: ids are unique within their source only. */
export function dedupKey(event: Pick<WireEvent, 'source' | 'id'>): string {
  return `${encodeName(event.source)}/${event.id}`
}

/** The built-in store: the last `max` events, each for `ttlMs`, in this process. */
export function rememberHandled(clock: Clock, max: number, ttlMs: number): DedupStore {
  const handled = new LRUCache<string, true>({
    max,
    ttl: ttlMs,
    // Each look reads the clock, so no timer is left behind. An entry made at the moment 0 would never age: hence the 1.
    ttlResolution: 0,
    perf: { now: () => clock.now() + 1 },
  })
  return {
    has: (key) => handled.has(key),
    add: (key) => void handled.set(key, true),
  }
}
