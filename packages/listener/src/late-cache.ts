import { LRUCache } from 'lru-cache'

/** The part of lru-cache's cache that is used for what happens to few listeners. */
export type LateCache<V extends object | number> = Pick<LRUCache<string, V>, 'get' | 'set' | 'delete' | 'size'>

/**
 * An LRU cache of at most `max` entries that is made with its first one. lru-cache takes room for all entries at once, 160 KB for 10,000, and
 * most listeners never have one of these.
 */
export function lateCache<V extends object | number>(max: number): LateCache<V> {
  let made: LRUCache<string, V> | undefined
  return {
    get: (key) => made?.get(key),
    set(key, value) {
      made ??= new LRUCache({ max })
      return made.set(key, value)
    },
    delete: (key) => made?.delete(key) ?? false,
    get size() {
      return made?.size ?? 0
    },
  }
}
