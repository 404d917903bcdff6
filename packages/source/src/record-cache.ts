import { Unavailable } from '@recordcast/protocol/language'
import type { Clock } from '@recordcast/transport'
import { InHandMap } from '@recordcast/transport/in-hand'
import { LRUCache } from 'lru-cache'
import type { Loaded } from './loader.js'
import type { LoadOptions } from './options.js'

/** What loaders of one record type share: finished records by (tenant, key), and those on their way. */
export interface RecordCache {
  /** A record, a promise of one on its way, or undefined when it must be loaded. */
  get(tenant: string | undefined, key: string, attributes: readonly string[]): Loaded | Promise<Loaded> | undefined
  /** Remembers a load on its way and, if nothing happened to the record meanwhile, its result. Gives back the promise. */
  keep(tenant: string | undefined, key: string, wanted: readonly string[], loading: Promise<Loaded>): Promise<Loaded>
  /** Something happened to this record: what is known of it, or on its way, is no longer true. */
  forget(tenant: string | undefined, key: string): void
}

interface Held {
  readonly record: Loaded
  /** The names that were wanted when it was loaded. */
  readonly wanted: readonly string[]
}

interface OnItsWay {
  readonly loading: Promise<Loaded>
  readonly wanted: readonly string[]
}

/** A record that does not exist may come to exist without an event of ours: it is believed for a second at most. */
const absentMs = 1000

export function createRecordCache(bounds: LoadOptions['cache'], clock: Clock): RecordCache {
  const held =
    bounds &&
    new LRUCache<string, Held>({
      max: bounds.max,
      ttl: bounds.ttlMs,
      perf: { now: () => clock.now() },
      ttlResolution: 0,
    })
  const onTheirWay = new InHandMap<string, OnItsWay>()

  return {
    get(tenant, key, attributes) {
      const slot = slotOf(tenant, key)
      const moving = onTheirWay.get(slot)
      if (moving !== undefined && attributes.every((name) => moving.wanted.includes(name))) return moving.loading
      const known = held?.get(slot)
      return known && serves(known, attributes) ? known.record : undefined
    },
    keep(tenant, key, wanted, loading) {
      const slot = slotOf(tenant, key)
      const own: OnItsWay = { loading, wanted }
      onTheirWay.set(slot, own)
      void loading.then((record) => {
        if (onTheirWay.get(slot) !== own) return
        onTheirWay.delete(slot)
        if (held === undefined || bounds === undefined || record instanceof Unavailable) return
        held.set(slot, { record, wanted }, { ttl: record === null ? Math.min(absentMs, bounds.ttlMs) : bounds.ttlMs })
      })
      return loading
    },
    forget(tenant, key) {
      const slot = slotOf(tenant, key)
      onTheirWay.delete(slot)
      held?.delete(slot)
    },
  }
}

// A tenant is never empty and holds no control character, so the first NUL parts it from the key, whatever that holds.
const slotOf = (tenant: string | undefined, key: string): string => `${tenant ?? ''}\u0000${key}`

function serves(known: Held, attributes: readonly string[]): boolean {
  const { record, wanted } = known
  if (record === null || record instanceof Unavailable) return true
  return attributes.every((name) => wanted.includes(name) || Object.hasOwn(record, name))
}
