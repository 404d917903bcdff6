import { splitEventType } from '@recordcast/protocol'
import type { Subscription } from '@recordcast/protocol/control'
import type { Problem } from '@recordcast/protocol/errors'
import { nearestNames } from '@recordcast/protocol/names'
import type { SubscriptionVerdict } from '@recordcast/protocol/requests'
import { type Announced, subscriptionsOf } from './announced.js'
import { createCommons } from './commons.js'
import { Entry } from './entry.js'
import { type Court, type Judged, judge } from './judge.js'
import type { OwnedRecords } from './owned.js'

/** What a source makes of a listener's fact: a verdict a subscription, and the accepted ones compiled. */
export interface TakenIn {
  readonly verdicts: readonly SubscriptionVerdict[]
  readonly entries: readonly Entry[]
  /** What the index is asked for each of the entries; undefined: every event. */
  readonly patterns: readonly Judged['pattern'][]
}

/** Looking for the nearest names is dear, and a fact from the network may hold thousands of unknown ones: so many get a hint. */
const mostSuggestions = 16
const mostReasons = 256

/** Judges a fact. Pure but for `since`, the number of events of a type emitted so far; never throws, whatever the fact holds. */
export function takeIn(
  fact: Announced,
  key: string,
  owned: OwnedRecords,
  since: (event: string) => number,
  commons = createCommons(),
): TakenIn {
  const entries: Entry[] = []
  const patterns: Judged['pattern'][] = []
  let suggestions = mostSuggestions
  const suggest: typeof nearestNames = (name, existing) => (suggestions-- > 0 ? nearestNames(name, existing) : [])
  const court: Court = { owned, commons, suggest }
  const take = (subscription: Subscription): SubscriptionVerdict => {
    const { event } = subscription
    const type = splitEventType(event)
    const record = type && owned.get(type.record)
    if (type === undefined || record === undefined) {
      const nearest = suggest(type?.record ?? event, owned.names)
      const message = `This source owns no record type "${type?.record ?? event}"`
      return {
        event,
        verdict: 'not-mine',
        reasons: [{ code: 'unknown-record-type', message, found: event, nearest: [...nearest] }],
      }
    }
    const judged = judge(fact, subscription, type.kind, record, court)
    if (Array.isArray(judged)) return { event, verdict: 'refused', reasons: judged.slice(0, mostReasons).map(plain) }
    entries.push(new Entry(key, fact, subscription, judged, since(event)))
    patterns.push(judged.pattern)
    return commons.accepted(event)
  }
  const verdicts = subscriptionsOf(fact).map(take)
  return { verdicts, entries, patterns }
}

/** A reason within the bounds of the wire. */
function plain(problem: Problem): SubscriptionVerdict['reasons'][number] {
  const { nearest, ...rest } = problem
  return { ...rest, message: rest.message.slice(0, 2048), ...(nearest && { nearest: nearest.slice(0, 8) }) }
}
