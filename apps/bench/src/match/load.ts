import { type Event, realEvents } from '../workload/events.js'
import { type Kind, patternsOf, withAddress } from '../workload/kinds.js'
import { type Pattern, somePatterns } from '../workload/patterns.js'

/** So many patterns, asked about every real event. */
export interface MatchLoad {
  /** Absent: all kinds in their mixture. */
  readonly only?: Kind
  readonly patterns: number
  readonly quick: boolean
}

/** What a side of the race gives. */
export interface Matched {
  readonly perSecond: number
  /** Patterns that matched an event, on average. */
  readonly matches: number
}

export function eventsAndPatterns({ only, patterns }: MatchLoad): {
  readonly events: readonly Event[]
  readonly patterns: readonly Pattern[]
} {
  return only === undefined
    ? { events: realEvents(), patterns: somePatterns(patterns) }
    : { events: realEvents().map(withAddress), patterns: patternsOf(only, patterns) }
}
