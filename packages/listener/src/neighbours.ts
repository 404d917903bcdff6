import type { ListenerFact, Subscription } from '@recordcast/protocol/control'
import type { openRegistry } from '@recordcast/registry'

export type Registry = Awaited<ReturnType<typeof openRegistry<ListenerFact>>>
export type Snapshot = ReturnType<Registry['snapshot']>

/** The other subscription sets of this queue: those of another release during a rolling deploy. */
export interface Neighbours {
  /** Sets that stand now, those whose fact could not be read included. */
  readonly sets: ReadonlySet<string>
  /** Whether one of them could not be read: it may want anything. */
  readonly unread: boolean
  readonly standing: readonly ListenerFact[]
  /** Facts that stand or stood while this instance ran, with the moment (ms) until which events may have been made for them. */
  readonly known: readonly { readonly fact: ListenerFact; readonly until: number }[]
}

/** By how much the clock of a source may be wrong. */
const clockSlackMs = 10 * 60_000

/** Follows the neighbours from one snapshot to the next. Pure. */
export function nextNeighbours(
  before: Neighbours | undefined,
  snapshot: Snapshot,
  own: { readonly queue: string; readonly set: string },
  now: number,
): Neighbours {
  const prefix = `${own.queue}/`
  const standing = [...snapshot.listeners.values()].filter((fact) => fact.queue === own.queue && fact.set !== own.set)
  const sets = new Set(standing.map((fact) => fact.set))
  let unread = false
  for (const { board, key } of snapshot.setAside.values()) {
    if (board !== 'listeners' || !key.startsWith(prefix) || key === prefix + own.set) continue
    sets.add(key.slice(prefix.length))
    unread = true
  }
  const gone = (before?.known ?? []).filter(({ fact }) => !standing.some((other) => other.set === fact.set))
  const known = [
    ...standing.map((fact) => ({ fact, until: Number.POSITIVE_INFINITY })),
    ...gone.map(({ fact, until }) => ({ fact, until: Math.min(until, now + clockSlackMs) })),
  ]
  return { sets, unread, standing, known }
}

/** A fact's subscription to an event type. */
export function subscriptionTo(fact: ListenerFact, event: string): Subscription | undefined {
  return fact.subscriptions.find((subscription) => subscription.event === event)
}
