import { encodeName } from '@recordcast/protocol/names'
import type { WireEvent } from '@recordcast/protocol/wire'
import type { Clock } from '@recordcast/transport'
import { Last } from './last.js'
import type { DedupStore } from './options.js'

/** Under what an event is remembered: ids are unique within their source only. */
export function dedupKey(event: Pick<WireEvent, 'source' | 'id'>): string {
  return `${encodeName(event.source)}/${event.id}`
}

/** The built-in store: the last `max` events, each for `ttlMs`, in this process. */
export function rememberHandled(clock: Clock, max: number, ttlMs: number): DedupStore {
  const handledAt = new Last<number>(max)
  return {
    has(key) {
      const at = handledAt.get(key)
      return at !== undefined && clock.now() - at <= ttlMs
    },
    add: (key) => handledAt.set(key, clock.now()),
  }
}
