import { createMatcher } from '@recordcast/matcher'
import type { SubscriptionVerdict } from '@recordcast/protocol/requests'
import { type Announced, subscriptionsOf } from './announced.js'
import { createCommons } from './commons.js'
import { Entry } from './entry.js'
import type { OwnedRecords } from './owned.js'
import { takeIn } from './take-in.js'
import { collectWanted, type WantedNames } from './wanted-names.js'

/** All subscriptions to one event type. */
export interface Topic {
  readonly matcher: ReturnType<typeof createMatcher<Entry>>
  /** How many of them the index has to be asked about; the others match every event. */
  filters: number
}

/*
Who wants what: facts taken in, by key; accepted subscriptions, by event type and indexed; sets that share a queue. Emits read it synchronously, so
each sees one state of it. A queue belongs to the service whose fact came first; a fact of another service on the same queue is refused whole.
*/
export interface Directory {
  /** Changes with whatever changes in here. */
  readonly version: number
  /** Takes a fact in, again if it has changed. */
  put(key: string, fact: Announced): void
  remove(key: string): void
  /** Of all facts that are taken in. */
  keys(): readonly string[]
  /** Accepted subscriptions of the same queue to the same event type: several while a deploy rolls. */
  siblings(entry: Entry): readonly Entry[]
  /** How many facts stand on a queue. */
  setsOn(queue: string): number
  /** A fact with what was said of it; undefined until it is taken in. */
  taken(key: string): Taken | undefined
  readonly wanted: WantedNames
  entries(): Iterable<Entry>
  /** Counts an event of a type and gives who subscribed to it, if anybody did. */
  emitted(event: string): Topic | undefined
  /** How many events of a type there were. */
  counted(event: string): number
}

/** A fact that is taken in, and what was made of it. */
export interface Taken {
  readonly fact: Announced
  readonly verdicts: readonly SubscriptionVerdict[]
  readonly entries: readonly Entry[]
}

export function createDirectory(owned: () => OwnedRecords): Directory {
  /** The entry alone of a fact that has one subscription, which was accepted: that is nearly every one. */
  const taken = new Map<string, Taken | Entry>()
  const commons = createCommons()
  const topics = new Map<string, Topic>()
  const kinds = new Map<string, { count: number; topic: Topic | undefined }>()
  /** Keys of facts by queue. Nearly always there is one, which then needs no set. */
  const queues = new Map<string, string | Set<string>>()
  const contested = new Map<string, Map<string, Announced>>()
  let wanted: WantedNames | undefined
  let version = 0
  const kindOf = (event: string) => {
    const kind = kinds.get(event) ?? { count: 0, topic: topics.get(event) }
    if (kind.count === 0) kinds.set(event, kind)
    return kind
  }
  const counted = (event: string): number => kinds.get(event)?.count ?? 0

  const setTopic = (event: string, topic: Topic | undefined): void => {
    if (topic === undefined) topics.delete(event)
    else topics.set(event, topic)
    const kind = kinds.get(event)
    if (kind !== undefined) kind.topic = topic
  }

  const keysOn = (queue: string): readonly string[] => {
    const keys = queues.get(queue) ?? []
    return typeof keys === 'string' ? [keys] : [...keys]
  }

  const entriesOf = (key: string): readonly Entry[] => {
    const held = taken.get(key)
    return held instanceof Entry ? [held] : (held?.entries ?? [])
  }

  const takenBy = (fact: Announced): string | undefined => {
    for (const key of keysOn(fact.queue)) {
      const other = taken.get(key)?.fact
      if (other !== undefined && other.service !== fact.service) return other.service
    }
    return undefined
  }

  const remove = (key: string): void => {
    const before = taken.get(key)
    if (before === undefined) return
    const entries = entriesOf(key)
    taken.delete(key)
    version++
    wanted = undefined
    const { queue } = before.fact
    const sharing = queues.get(queue)
    if (sharing === key || (sharing instanceof Set && sharing.delete(key) && sharing.size === 0)) queues.delete(queue)
    for (const entry of entries) {
      const topic = topics.get(entry.subscription.event)
      if (topic === undefined) continue
      topic.matcher.remove(entry)
      if (entry.filter?.indexed) topic.filters--
      if (topic.matcher.size === 0) setTopic(entry.subscription.event, undefined)
    }
    // Whoever was refused because the queue had an owner gets another hearing once the owner has gone.
    const refused = contested.get(queue)
    refused?.delete(key)
    if (queues.has(queue) || refused === undefined) return
    contested.delete(queue)
    for (const [other, fact] of refused) put(other, fact)
  }

  const put = (key: string, fact: Announced): void => {
    remove(key)
    version++
    const owner = takenBy(fact)
    if (owner !== undefined) {
      const message = `Listener "${fact.listener}" belongs to service "${owner}" already; service "${fact.service}" must name its own otherwise`
      const reasons = [{ code: 'listener-name-taken', message, found: fact.listener }]
      const verdicts = subscriptionsOf(fact).map(({ event }) => ({ event, verdict: 'refused' as const, reasons }))
      taken.set(key, { fact, verdicts, entries: [] })
      contested.set(fact.queue, (contested.get(fact.queue) ?? new Map()).set(key, fact))
      return
    }
    const { verdicts, entries, patterns } = takeIn(fact, key, owned(), counted, commons)
    const [only] = entries
    taken.set(key, only !== undefined && verdicts.length === 1 ? only : { fact, verdicts, entries: [...entries] })
    wanted = undefined
    const sharing = queues.get(fact.queue)
    if (sharing instanceof Set) sharing.add(key)
    else queues.set(fact.queue, sharing === undefined || sharing === key ? key : new Set([sharing, key]))
    for (const [at, entry] of entries.entries()) {
      const { event } = entry.subscription
      let topic = topics.get(event)
      if (topic === undefined) {
        topic = { matcher: createMatcher<Entry>(), filters: 0 }
        setTopic(event, topic)
      }
      topic.matcher.add(entry, patterns[at])
      if (entry.filter?.indexed) topic.filters++
    }
  }

  return {
    get version() {
      return version
    },
    put,
    remove,
    keys: () => [...taken.keys()],
    siblings(entry) {
      const sharing = keysOn(entry.fact.queue)
      if (sharing.length < 2) return [entry]
      const { event } = entry.subscription
      return sharing.flatMap((key) => entriesOf(key).filter((each) => each.subscription.event === event))
    },
    setsOn: (queue) => keysOn(queue).length,
    taken(key) {
      const held = taken.get(key)
      if (!(held instanceof Entry)) return held
      return { fact: held.fact, verdicts: commons.acceptedAlone(held.subscription.event), entries: [held] }
    },
    wanted(record, link) {
      wanted ??= collectWanted(topics, owned())
      return wanted(record, link)
    },
    *entries() {
      for (const held of taken.values()) {
        if (held instanceof Entry) yield held
        else yield* held.entries
      }
    },
    emitted(event) {
      const kind = kindOf(event)
      kind.count++
      return kind.topic
    },
    counted,
  }
}
