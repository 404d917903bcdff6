import type { SubscriptionVerdict } from '@recordcast/protocol/requests'
import type { Announced } from './announced.js'
import { Entry } from './entry.js'

/** A fact that is taken in, and what was made of it. */
export interface Taken {
  readonly key: string
  readonly fact: Announced
  readonly verdicts: readonly SubscriptionVerdict[]
  readonly entries: readonly Entry[]
}

/** The entry alone of a fact that has one subscription, which was accepted: that is nearly every one. */
export type Held = Taken | Entry

/** The facts that stand, by queue. Nearly always there is one on a queue, which then needs no map of its own. */
export interface Standing {
  get(key: string): Held | undefined
  put(held: Held): void
  /** Takes one out and gives it; undefined if it was not there. */
  remove(key: string): Held | undefined
  on(queue: string): readonly Held[]
  values(): Iterable<Held>
}

export function createStanding(): Standing {
  const queues = new Map<string, Held | Map<string, Held>>()

  const one = (key: string, sharing = queues.get(queueOf(key))): Held | undefined => {
    if (sharing instanceof Map) return sharing.get(key)
    return sharing?.key === key ? sharing : undefined
  }

  return {
    get: (key) => one(key),
    put(held) {
      const { key } = held
      const { queue } = held.fact
      const sharing = queues.get(queue)
      if (sharing instanceof Map) sharing.set(key, held)
      else if (sharing === undefined || sharing.key === key) queues.set(queue, held)
      else queues.set(queue, new Map([sharing, held].map((each) => [each.key, each])))
    },
    remove(key) {
      const queue = queueOf(key)
      const sharing = queues.get(queue)
      const held = one(key, sharing)
      if (held === undefined) return undefined
      if (sharing instanceof Map && sharing.size > 1) sharing.delete(key)
      else queues.delete(queue)
      return held
    },
    on(queue) {
      const sharing = queues.get(queue)
      if (sharing === undefined) return []
      return sharing instanceof Map ? [...sharing.values()] : [sharing]
    },
    *values() {
      for (const sharing of queues.values()) {
        if (sharing instanceof Map) yield* sharing.values()
        else yield sharing
      }
    },
  }
}

export function entriesOf(held: Held | undefined): readonly Entry[] {
  if (held instanceof Entry) return [held]
  return held?.entries ?? []
}

/** A key is `queue/set`, and neither holds a slash. */
export function queueOf(key: string): string {
  return key.slice(0, key.lastIndexOf('/'))
}
