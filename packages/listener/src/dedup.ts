import { encodeName } from '@recordcast/protocol/names'
import type { WireEvent } from '@recordcast/protocol/wire'
import type { Clock } from '@recordcast/transport'
import { KeyRing } from './key-ring.js'
import type { DedupStore } from './options.js'

/** Under what an event is remembered: ids are unique within their source only. */
export function dedupKey(event: Pick<WireEvent, 'source' | 'id'>): string {
  return `${encodeName(event.source)}/${event.id}`
}

/** The built-in store: the last `max` events, each for `ttlMs`, in this process. */
export function rememberHandled(clock: Clock, max: number, ttlMs: number): DedupStore {
  const ring = new KeyRing(max)
  const times: number[] = []
  return {
    has(key) {
      const place = ring.find(key)
      return place >= 0 && clock.now() - times[place]! <= ttlMs
    },
    add(key) {
      times[ring.put(key)] = clock.now()
    },
  }
}
