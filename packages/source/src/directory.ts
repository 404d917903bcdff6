import { createMatcher } from '@recordcast/matcher'
import { type Announced, subscriptionsOf } from './announced.js'
import { createCommons } from './commons.js'
import { Entry } from './entry.js'
import type { OwnedRecords } from './owned.js'
import { createStanding, entriesOf, queueOf, type Taken } from './standing.js'
import { takeIn } from './take-in.js'
import { collectWanted, type WantedNames } from './wanted-names.js'

/** All subscriptions to one event type. */
export interface Topic {
  readonly matcher: ReturnType<typeof createMatcher<Entry>>
  /** All of them in their order, made when first asked for after a change. Whoever has it reads it only. */
  all: readonly Entry[] | undefined
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

export function createDirectory(owned: () => OwnedRecords): Directory {
  const standing = createStanding()
  /** Facts that are refused since their queue is another service's, by queue and key. */
  const contested = new Map<string, Map<string, Taken>>()
  const commons = createCommons()
  const topics = new Map<string, Topic>()
  const kinds = new Map<string, { count: number; topic: Topic | undefined }>()
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

  const takenBy = ({ queue, service }: Announced): string | undefined =>
    standing.on(queue).find(({ fact }) => fact.service !== service)?.fact.service

  const remove = (key: string): void => {
    const queue = queueOf(key)
    const refused = contested.get(queue)
    if (refused?.delete(key)) {
      version++
      if (refused.size === 0) contested.delete(queue)
      return
    }
    const held = standing.remove(key)
    if (held === undefined) return
    version++
    wanted = undefined
    for (const entry of entriesOf(held)) {
      const topic = topics.get(entry.subscription.event)
      if (topic === undefined) continue
      topic.matcher.remove(entry)
      topic.all = undefined
      if (entry.filter?.indexed) topic.filters--
      if (topic.matcher.size === 0) setTopic(entry.subscription.event, undefined)
    }
    // Whoever was refused because the queue had an owner gets another hearing once the owner has gone.
    if (refused === undefined || standing.on(queue).length > 0) return
    contested.delete(queue)
    for (const [other, { fact }] of refused) put(other, fact)
  }

  const put = (key: string, fact: Announced): void => {
    remove(key)
    version++
    const owner = takenBy(fact)
    if (owner !== undefined) {
      const message = `Listener "${fact.listener}" belongs to service "${owner}" already; service "${fact.service}" must name its own otherwise`
      const reasons = [{ code: 'listener-name-taken', message, found: fact.listener }]
      const verdicts = subscriptionsOf(fact).map(({ event }) => ({ event, verdict: 'refused' as const, reasons }))
      const refused = contested.get(fact.queue) ?? new Map<string, Taken>()
      contested.set(fact.queue, refused.set(key, { key, fact, verdicts, entries: [] }))
      return
    }
    const { verdicts, entries, patterns } = takeIn(fact, key, owned(), counted, commons)
    const [only] = entries
    standing.put(only !== undefined && verdicts.length === 1 ? only : { key, fact, verdicts, entries: [...entries] })
    wanted = undefined
    for (const [at, entry] of entries.entries()) {
      const { event } = entry.subscription
      let topic = topics.get(event)
      if (topic === undefined) {
        topic = { matcher: createMatcher<Entry>(), all: undefined, filters: 0 }
        setTopic(event, topic)
      }
      topic.matcher.addRead(entry, patterns[at])
      topic.all = undefined
      if (entry.filter?.indexed) topic.filters++
    }
  }

  return {
    get version() {
      return version
    },
    put,
    remove,
    keys() {
      const refused = Array.from(contested.values(), (facts) => [...facts.keys()])
      return [...Array.from(standing.values(), ({ key }) => key), ...refused.flat()]
    },
    siblings(entry) {
      const sharing = standing.on(entry.fact.queue)
      if (sharing.length < 2) return [entry]
      const { event } = entry.subscription
      return sharing.flatMap((held) => entriesOf(held).filter((each) => each.subscription.event === event))
    },
    setsOn: (queue) => standing.on(queue).length,
    taken(key) {
      const held = standing.get(key)
      if (!(held instanceof Entry)) return held ?? contested.get(queueOf(key))?.get(key)
      const { fact, subscription } = held
      return { key, fact, verdicts: commons.acceptedAlone(subscription.event), entries: [held] }
    },
    wanted(record, link) {
      wanted ??= collectWanted(topics, owned())
      return wanted(record, link)
    },
    *entries() {
      for (const held of standing.values()) {
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
