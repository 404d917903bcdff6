import { LRUCache } from 'lru-cache'
import type { Emitted } from './emitted.js'

/** Published events, remembered for a while so that what a listener lacks of one can be told from its own facts. */
export interface Recent {
  add(emitted: Emitted): void
  get(id: string): Emitted | undefined
}

export function createRecent(max: number): Recent {
  if (max === 0) return { add: () => undefined, get: () => undefined }
  const events = new LRUCache<string, Emitted>({ max })
  return {
    add: (emitted) => void events.set(emitted.id, emitted),
    get: (id) => events.get(id),
  }
}
