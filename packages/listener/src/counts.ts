import type { Problem } from '@recordcast/protocol/errors'

/** What `listener.stats()` tells: counts since the listener was made, and what goes on now. */
export interface ListenerStats {
  /** Deliveries, repeated ones included. */
  readonly received: number
  /** Bytes of their bodies. */
  readonly bytesReceived: number
  /** Handlers that succeeded. */
  readonly handled: number
  /** Attempts that failed: retried + parked. */
  readonly failed: number
  readonly retried: number
  readonly parked: number
  /** Acknowledged because the event had been handled before. */
  readonly duplicates: number
  /** Acknowledged because no subscription that stands wants them. */
  readonly suppressed: number
  /** Put back uncounted: for an instance of another release, or because the listener stopped. */
  readonly returned: number
  /** Answers of sources that were asked to load what an event lacked: its attributes, or what its filter reads. */
  readonly completed: number
  /** Milliseconds that handlers have run, all together. */
  readonly handlerMs: number
  /** Handlers that run now. */
  readonly running: number
  /** Events that wait for an earlier one of their record or for a slot. */
  readonly waiting: number
  /** Whether its queue is paused: from the moment that is seen until events are taken again. False while it is not started. */
  readonly paused: boolean
  /** What sources that came after start() say against the subscriptions. */
  readonly refusals: readonly {
    readonly service: string
    readonly instance: string
    readonly reasons: readonly Problem[]
  }[]
}

type Counted = Omit<ListenerStats, 'running' | 'waiting' | 'paused' | 'refusals'>

/** The counters, for whoever counts. */
export type Counts = { -readonly [K in keyof Counted]: number }

export function newCounts(): Counts {
  return {
    received: 0,
    bytesReceived: 0,
    handled: 0,
    failed: 0,
    retried: 0,
    parked: 0,
    duplicates: 0,
    suppressed: 0,
    returned: 0,
    completed: 0,
    handlerMs: 0,
  }
}
