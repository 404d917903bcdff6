import { createMatcher } from '@recordcast/matcher'
import type { ListenerFact } from '@recordcast/protocol/control'
import type { SubscriptionVerdict } from '@recordcast/protocol/requests'
import { createCommons } from './commons.js'
import type { Entry } from './entry.js'
import type { NameTree } from './follow.js'
import type { OwnedRecords } from './owned.js'
import { takeIn } from './take-in.js'

const slotOf = (record: string, link: string | undefined): string => `${record} ${link ?? ''}`

/** All subscriptions to one event type. */
export interface Topic {
  readonly matcher: ReturnType<typeof createMatcher<Entry>>
  readonly entries: Set<Entry>
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
  put(key: string, fact: ListenerFact): void
  remove(key: string): void
  /** Of all facts that are taken in. */
  keys(): readonly string[]
  /** Accepted subscriptions of the same queue to the same event type: several while a deploy rolls. */
  siblings(entry: Entry): readonly Entry[]
  /** How many facts stand on a queue. */
  setsOn(queue: string): number
  /** A fact with what was said of it; undefined until it is taken in. */
  taken(key: string): Taken | undefined
  /** Top-level names that all subscriptions want of a link; with link undefined, of the record itself. */
  wanted(record: string, link: string | undefined): readonly string[]
  entries(): Iterable<Entry>
  /** Counts an event of a type and gives who subscribed to it, if anybody did. */
  emitted(event: string): Topic | undefined
  /** How many events of a type there were. */
  counted(event: string): number
}

/** A fact that is taken in, and what was made of it. */
export interface Taken {
  readonly fact: ListenerFact
  readonly verdicts: readonly SubscriptionVerdict[]
  readonly entries: readonly Entry[]
}

export function createDirectory(owned: () => OwnedRecords): Directory {
  const taken = new Map<string, Taken>()
  const commons = createCommons()
  const topics = new Map<string, Topic>()
  const kinds = new Map<string, { count: number; topic: Topic | undefined }>()
  /** Keys of facts by queue. Nearly always there is one, which then needs no set. */
  const queues = new Map<string, string | Set<string>>()
  const contested = new Map<string, Map<string, ListenerFact>>()
  let wantedNames: Map<string, readonly string[]> | undefined
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

  const takenBy = (fact: ListenerFact): string | undefined => {
    for (const key of keysOn(fact.queue)) {
      const other = taken.get(key)?.fact
      if (other !== undefined && other.service !== fact.service) return other.service
    }
    return undefined
  }

  const remove = (key: string): void => {
    const before = taken.get(key)
    if (before === undefined) return
    taken.delete(key)
    version++
    wantedNames = undefined
    const { queue } = before.fact
    const sharing = queues.get(queue)
    if (sharing === key || (sharing instanceof Set && sharing.delete(key) && sharing.size === 0)) queues.delete(queue)
    for (const entry of before.entries) {
      const topic = topics.get(entry.subscription.event)
      if (topic === undefined) continue
      topic.matcher.remove(entry)
      topic.entries.delete(entry)
      if (entry.filter?.now !== undefined) topic.filters--
      if (topic.entries.size === 0) setTopic(entry.subscription.event, undefined)
    }
    // Whoever was refused because the queue had an owner gets another hearing once the owner has gone.
    const refused = contested.get(queue)
    refused?.delete(key)
    if (queues.has(queue) || refused === undefined) return
    contested.delete(queue)
    for (const [other, fact] of refused) put(other, fact)
  }

  const put = (key: string, fact: ListenerFact): void => {
    remove(key)
    version++
    const owner = takenBy(fact)
    if (owner !== undefined) {
      const message = `Listener "${fact.listener}" belongs to service "${owner}" already; service "${fact.service}" must name its own otherwise`
      const reasons = [{ code: 'listener-name-taken', message, found: fact.listener }]
      const verdicts = fact.subscriptions.map(({ event }) => ({ event, verdict: 'refused' as const, reasons }))
      taken.set(key, { fact, verdicts, entries: [] })
      contested.set(fact.queue, (contested.get(fact.queue) ?? new Map()).set(key, fact))
      return
    }
    const { verdicts, entries } = takeIn(fact, key, owned(), counted, commons)
    taken.set(key, { fact, verdicts, entries })
    wantedNames = undefined
    const sharing = queues.get(fact.queue)
    if (sharing instanceof Set) sharing.add(key)
    else queues.set(fact.queue, sharing === undefined || sharing === key ? key : new Set([sharing, key]))
    for (const entry of entries) {
      const { event } = entry.subscription
      const topic = topics.get(event) ?? { matcher: createMatcher<Entry>(), entries: new Set(), filters: 0 }
      setTopic(event, topic)
      topic.matcher.add(entry, entry.filter?.now)
      topic.entries.add(entry)
      if (entry.filter?.now !== undefined) topic.filters++
    }
  }

  /** Names wanted of every link of every record, nested links included, in one walk over all name trees. */
  const collect = (): Map<string, readonly string[]> => {
    const names = new Map<string, Set<string>>()
    const visit = (record: string, tree: NameTree): void => {
      const links = owned().get(record)?.links
      for (const [name, below] of tree.names) {
        const link = links?.get(name)
        const slots =
          link === undefined
            ? [[slotOf(record, undefined), name]]
            : [...below.names.keys()].map((each) => [slotOf(record, link.name), each])
        for (const [slot, each] of slots) names.set(slot!, (names.get(slot!) ?? new Set()).add(each!))
        if (link?.target !== undefined) visit(link.target, below)
      }
    }
    for (const [event, topic] of topics) {
      const record = event.slice(0, event.indexOf('.'))
      // Most share theirs with others.
      const images = new Set(
        [...topic.entries].flatMap(({ trees, filter }) => (filter ? [trees, filter.trees] : [trees])),
      )
      for (const { after, before } of images) for (const tree of [...after, ...before]) visit(record, tree)
    }
    return new Map([...names].map(([slot, set]) => [slot, [...set].sort()]))
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
      return sharing.flatMap((key) => taken.get(key)?.entries.filter((each) => each.subscription.event === event) ?? [])
    },
    setsOn: (queue) => keysOn(queue).length,
    taken: (key) => taken.get(key),
    wanted(record, link) {
      wantedNames ??= collect()
      return wantedNames.get(slotOf(record, link)) ?? []
    },
    *entries() {
      for (const { entries } of taken.values()) yield* entries
    },
    emitted(event) {
      const kind = kindOf(event)
      kind.count++
      return kind.topic
    },
    counted,
  }
}
