import type { ListenerFact, Subscription } from '@recordcast/protocol/control'

/** What a source keeps of a listener's fact; the rest is for people. There may be very many, so there is no list around the one subscription that most have. */
export interface Announced
  extends Pick<ListenerFact, 'service' | 'listener' | 'queue' | 'delivery' | 'set' | 'address'> {
  readonly subscriptions: Subscription | readonly Subscription[]
}

export function announced(fact: ListenerFact): Announced {
  const { service, listener, queue, delivery, set, address, subscriptions } = fact
  const [only] = subscriptions
  const own = subscriptions.length === 1 && only !== undefined ? only : subscriptions
  // Written out, for an object that is spread together takes twice the room.
  return { service, listener, queue, delivery, set, address, subscriptions: own }
}

export function subscriptionsOf({ subscriptions }: Announced): readonly Subscription[] {
  return isList(subscriptions) ? subscriptions : [subscriptions]
}

function isList(subscriptions: Announced['subscriptions']): subscriptions is readonly Subscription[] {
  return Array.isArray(subscriptions)
}
