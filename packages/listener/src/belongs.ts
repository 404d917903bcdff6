import type { Subscription } from '@recordcast/protocol/control'
import { digestOf } from '@recordcast/protocol/language'
import type { WireEvent } from '@recordcast/protocol/wire'
import { type Neighbours, subscriptionTo } from './neighbours.js'
import { sameFilter } from './subscribe.js'

/*
Whose is an event that came out of a queue which instances of two releases may share?

  mine     this instance handles it.
  theirs   another set that stands now should have it: put back, uncounted.
  nobody   no set that stands wants it: acknowledged.
  check    the source left the decision to the filter; the event carries what the filter reads.
  ask      the same, but what the event carries was not made for this filter, or is not there: the source is asked.

The header `wanted` names the sets that matched, if several stood when the event was published. If none of those stands any more, this
instance may have come later, and an event that was put into this queue must not be lost: its own filter decides.

That a set does not stand is known for sure only of one that was seen to go. Of a set that was never seen this instance may merely not
have heard yet; then the board is looked at before anything else is done (`isUnheard`, look.ts).

Without the header exactly one set stood, and `projection` is the digest of its attributes. If that may have been another set with
another filter, the filter is asked again. An event older than this set was made for another one, even if nobody remembers that by now.
*/
export type Belonging = 'mine' | 'theirs' | 'nobody' | 'check' | 'ask'

export interface BelongsInput {
  readonly event: WireEvent
  /** The header, undefined if absent. */
  readonly wanted: string | undefined
  readonly set: string
  /** When this set was first announced (ms). */
  readonly since: number
  /** This instance's subscription to the event type. */
  readonly subscription: Subscription | undefined
  readonly neighbours: Neighbours
}

export function belongs({ event, wanted, set, since, subscription, neighbours }: BelongsInput): Belonging {
  if (subscription === undefined || !admits(subscription, event))
    return othersMayWant(event, neighbours) ? 'theirs' : 'nobody'
  const undecided = event.missing?.some(({ path }) => path === '$filter') ?? false
  const judged = subscription.filter === undefined ? 'mine' : 'ask'
  if (wanted !== undefined) {
    const sets = setsIn(wanted)
    if (sets.includes(set)) return undecided ? judged : 'mine'
    return sets.some((each) => neighbours.sets.has(each)) ? 'theirs' : judged
  }
  if (judged === 'mine') return judged
  if (undecided || Date.parse(event.time) < since || maybeMadeForAnother(event, subscription, neighbours)) return 'ask'
  return Object.hasOwn(event.data, '$filter') ? 'check' : 'mine'
}

/** Whether the header names none but sets of which this instance has never heard. */
export function isUnheard({ wanted, set, neighbours }: Pick<BelongsInput, 'wanted' | 'set' | 'neighbours'>): boolean {
  if (wanted === undefined) return false
  const heard = ({ sets, known }: Neighbours, each: string): boolean =>
    each === set || sets.has(each) || known.some(({ fact }) => fact.set === each)
  return !setsIn(wanted).some((each) => heard(neighbours, each))
}

const setsIn = (wanted: string): string[] => wanted.split(',').map((each) => each.trim())

/** Whether another set that stands has a subscription that this event could be for. */
function othersMayWant(event: WireEvent, { standing, unread }: Neighbours): boolean {
  if (unread) return true
  return standing.some((fact) => {
    const subscription = subscriptionTo(fact, event.type)
    return subscription !== undefined && admits(subscription, event)
  })
}

/** Atoms that neither stand in the data nor are named as missing: the event was not made for them. */
function unexplained(event: WireEvent, atoms: readonly string[]): string[] {
  const missing = new Set(event.missing?.map(({ path }) => path))
  return atoms.filter((atom) => !Object.hasOwn(event.data, atom) && !missing.has(atom))
}

/** Whether a subscription is open to the tenant of an event. */
export function admits({ tenants }: Subscription, { tenant }: WireEvent): boolean {
  return tenants === 'all' || (tenant !== undefined && tenants.includes(tenant))
}

function maybeMadeForAnother(event: WireEvent, subscription: Subscription, { known }: Neighbours): boolean {
  const time = Date.parse(event.time)
  const others = known.flatMap(({ fact, until }) => {
    const other = subscriptionTo(fact, event.type)
    return other !== undefined && time <= until && !sameFilter(other, subscription) ? [other] : []
  })
  if (others.length === 0) return unexplained(event, subscription.attributes).length > 0
  if (event.projection !== digestOf(subscription.attributes)) return true
  return others.some((other) => digestOf(other.attributes) === event.projection)
}
