import type { EventType, RecordDefinition } from '@recordcast/protocol'
import { type Image, type Kind, mostLoaderMs, type RecordName, records, type Service, type Tenant } from './records.js'
import type { Store } from './store.js'
import { type Fact, type Filter, type Look, selectedChanged, type Wish } from './wishes.js'

/** One subscription of a release, as the model understands it. */
export interface Subscription {
  readonly type: RecordName
  readonly kind: Kind
  readonly wishes: readonly Wish[]
  readonly filter: Filter | undefined
  readonly when: boolean
  readonly tenants: 'all' | readonly string[]
  /** Asks for an attribute that does not exist. */
  readonly wrong: boolean
}

/** One subscription set of a listener. */
export interface Release {
  readonly name: string
  readonly subscriptions: readonly Subscription[]
}

/** From the first start of a queue's listener to its unsubscription; that of an `each` queue ends with its instance. */
export interface Life {
  readonly queue: Queue
  ended: boolean
  /** Every release of which a start was tried. */
  readonly releases: Set<Release>
  /** Source processes that have certainly taken in a release, with the number of the first emit for which that is certain. */
  readonly takenIn: Map<string, number>
  /** Of emits before this number nothing is promised: the queue was deleted underneath. */
  dropped: number
  /** Some start has resolved, so a fact stands. */
  stands: boolean
}

export interface Queue {
  /** The queue's name on the wire; undefined while an `each` queue is not known yet. */
  readonly name: string | undefined
  readonly label: string
}

/** One call of emit. Calls under the same id are one event. */
export interface Emit {
  /** How many came before it. */
  readonly number: number
  readonly process: string
  readonly service: Service
  readonly id: string
  readonly tenant: Tenant
  readonly subject: string
  readonly fact: Fact
  readonly calledAt: number
  settledAt: number | undefined
  outcome: 'pending' | 'resolved' | 'rejected' | 'killed'
  delivered: readonly string[]
  gone: readonly string[]
  /** Linked records that the source cannot have had from a cache filled before these moments, by slot. */
  readonly fresh: ReadonlyMap<string, number>
}

export const eventKey = (emit: Pick<Emit, 'service' | 'id'>): string => `${emit.service}/${emit.id}`
export const typeName = (of: { readonly type: RecordName; readonly kind: Kind }): string => `${of.type}.${of.kind}`
export const eventType = ({ type, kind }: { readonly type: RecordName; readonly kind: Kind }): EventType => {
  const record: RecordDefinition = records[type]
  return kind === 'labelled' ? record.event(kind) : record[kind]
}
export const slotOf = (type: RecordName, tenant: Tenant, id: string): string => `${type}/${tenant ?? ''}/${id}`

/**
 * The states in which a linked record may have been seen: since it could last have come into a cache before the first emit, until `until`.
 * `again`: a source instance may have been asked later, whose cache knows nothing of the emitter's own events.
 */
export function lookFor(emits: readonly Emit[], store: Store, until: number, again: boolean): Look {
  const { tenant } = emits[0] as Emit
  return (to: RecordName, id: string, ttlMs: number, typed: boolean): readonly (Image | null)[] => {
    const from = Math.min(
      ...emits.map(({ calledAt, fresh }) => {
        const oldest = calledAt - ttlMs - mostLoaderMs
        const known = typed && !again ? (fresh.get(slotOf(to, tenant, id)) ?? 0) : 0
        return Math.max(oldest, known)
      }),
    )
    return store.between(to, tenant, id, from, until)
  }
}

export function admits({ tenants }: Subscription, tenant: Tenant): boolean {
  return tenants === 'all' || (tenant !== undefined && tenants.includes(tenant))
}

function subscriptionTo(release: Release, { type, kind }: Fact): Subscription | undefined {
  return release.subscriptions.find((each) => each.type === type && each.kind === kind)
}

/** Whether a release wants an event, as far as can be told. `filterOnly`: an unchanged selection excludes nothing. */
export function wants(release: Release, emit: Emit, look: Look, filterOnly = false): 'yes' | 'no' | 'maybe' {
  const subscription = subscriptionTo(release, emit.fact)
  if (subscription === undefined || !admits(subscription, emit.tenant)) return 'no'
  if (subscription.wrong) return 'maybe'
  if (!filterOnly && subscription.when && !selectedChanged(emit.fact, subscription.wishes)) return 'no'
  const outcomes = subscription.filter?.holds(emit.fact, look) ?? [true]
  if (outcomes.every(Boolean)) return 'yes'
  return outcomes.some(Boolean) ? 'maybe' : 'no'
}

/** Whether what a resolved emit promised reaches this life's queue whatever happened besides. */
export function mustReceive(life: Life, emit: Emit, look: Look): boolean {
  if (life.ended || emit.outcome !== 'resolved') return false
  if (emit.number < life.dropped) return false
  // A queue that was deleted while nobody was there to make it again is named, and that is all that is promised.
  if (life.dropped >= 0 && life.queue.name !== undefined && emit.gone.includes(life.queue.name)) return false
  const since = life.takenIn.get(emit.process)
  if (since === undefined || since > emit.number) return false
  return life.releases.size > 0 && [...life.releases].every((release) => wants(release, emit, look) === 'yes')
}

/** Names that differ between two images. */
export function changedNames(before: Image | undefined, after: Image | undefined): readonly string[] {
  if (before === undefined || after === undefined) return []
  const names = new Set([...Object.keys(before), ...Object.keys(after)])
  const text = (value: unknown): string => JSON.stringify(value ?? null)
  return [...names].filter((name) => text(before[name]) !== text(after[name])).sort()
}
