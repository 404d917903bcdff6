import type { Broker } from '@recordcast/registry'
import type { Telemetry } from '@recordcast/registry/telemetry'

/** How a listener is made. Only `service` and `broker` are required. */
export interface ListenerOptions {
  /** The service that listens. Instances with the same service and name share one queue. */
  readonly service: string
  readonly broker: Broker
  /** Tells several listeners of one service apart; the listener is then called `service.name`. */
  readonly name?: string
  /** 'shared' (default): each event goes to one instance. 'each': to every instance that runs when it is emitted. */
  readonly delivery?: 'shared' | 'each'
  /** Most handlers at once; a whole number from 1, default 16. Events of one record never run at the same time. */
  readonly concurrency?: number
  readonly retry?: RetryOptions
  /** Milliseconds that a handler may take; default 30,000. */
  readonly timeoutMs?: number
  /**
   * What becomes of an event that lacks an attribute which its source could not load again either. 'retry' (default): the
   * attempt has failed. 'allow': the handler is called, finds null there and the reasons in `event.missing`.
   */
  readonly missing?: 'retry' | 'allow'
  readonly dedup?: DedupOptions
  /** Milliseconds that stop() gives handlers which run; default 30,000. */
  readonly stopTimeoutMs?: number
  /** Milliseconds that a source has to answer a question; default 5,000. */
  readonly askTimeoutMs?: number
  /** Who observes this listener; default the broker's. */
  readonly telemetry?: Telemetry
}

/** When a failed event is tried again. Attempts are delays + 1; after the last the event is parked. */
export interface RetryOptions {
  /** Milliseconds before each next attempt; default 1 s, 5 s, 30 s, 2 min, 10 min. Empty: a failure parks at once. */
  readonly delaysMs?: readonly number[]
  /** The share by which a delay is varied to either side, 0 to 1; default 0.2. */
  readonly jitter?: number
  /**
   * How often an event may have been handed out without ever a verdict, as when its handler ends the process, before it is parked; default
   * 20. From the third time on it is handled alone, so that it takes no other with it. What comes while it is on trial may be counted once
   * more with it, so a limit below 6 may park an innocent one that was in hand at the same ends. Counts where the broker tells: not on
   * classic queues of RabbitMQ.
   */
  readonly unanswered?: number
}

/** Which events are remembered, so that a second copy of one that was handled is not handled again. */
export interface DedupOptions {
  /** Events remembered by the built-in store; default 10,000. */
  readonly max?: number
  /** Milliseconds for which the built-in store remembers; default 600,000. */
  readonly ttlMs?: number
  /** Takes the place of the built-in store; shared by all instances it makes handling effectively once. */
  readonly store?: DedupStore
}

/**
 * Remembers events that were handled. A key is `source/id`, the pair that CloudEvents makes unique. `has` that throws fails the attempt;
 * `add` that throws is logged, for the event has been handled.
 */
export interface DedupStore {
  has(key: string): boolean | Promise<boolean>
  add(key: string): unknown
}
