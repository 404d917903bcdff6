import type { Input, Shape } from './shapes/index.js'

/** Who does something, for the audit log. */
export interface Actor {
  /** A name, not a secret. */
  readonly by: string
}

export interface ReplayInput extends Actor {
  readonly which: Input<'which'>
  /** Counts what it would take, and takes nothing. Default false. */
  readonly dryRun?: boolean
  /** Most messages a second; 0.2 to 10,000, default 100. */
  readonly perSecond?: number
  /** Told when it begins and after each message. Must not throw. */
  readonly onProgress?: (report: Shape<'replay'>) => void
  /** Ends it after the message at hand; the report says what was done. */
  readonly signal?: AbortSignal
}

/** What cannot be taken back wants the queue's name once more, as `confirm`, unless it is a dry run. */
export interface Confirmed extends Actor {
  readonly dryRun?: boolean
  readonly confirm?: string
}

/**
 * What an operator sees and does. The admin API and the command line are thin shells over it. Everything rejects with a RecordcastError:
 * `unknown-listener`, `unknown-source`, `unknown-record-type`, `unknown-message` for what does not exist, `invalid-request` for a cursor or
 * an input that makes no sense, and the transport's codes when the broker is away. What one source or listener does not answer is told in the
 * result beside what the others said.
 */
export interface Operator {
  subscriptions(input?: Input<'subscriptionsInput'>): Promise<Shape<'subscriptions'>>
  listeners(input?: Input<'listenersInput'>): Promise<Shape<'listeners'>>
  listener(queue: string): Promise<Shape<'listener'>>
  sources(input?: Input<'pageInput'>): Promise<Shape<'sources'>>
  /** @param id `service/instance`, as `sources` gives it, or the name of a service with one instance */
  source(id: string): Promise<Shape<'source'>>
  /** @param limit listeners in the picture; default 200 */
  bus(limit?: number): Promise<Shape<'bus'>>
  attributes(record: string): Promise<Shape<'attributes'>>
  impact(record: string, change: Input<'impactInput'>): Promise<Shape<'impact'>>
  explain(input: Input<'explainInput'>): Promise<Shape<'explain'>>
  parked(queue: string, input?: Input<'parkedInput'>): Promise<Shape<'parked'>>
  /** One whole, sensitive attributes masked. @param id the message's own id; several copies may share it, the oldest is told */
  parkedMessage(queue: string, id: string): Promise<Shape<'parkedMessage'>>
  /** One at a time a queue, on the whole bus: rejects with `replay-running`. */
  replay(queue: string, input: ReplayInput): Promise<Shape<'replay'>>
  /** As `replay`, letting go. Rejects with `confirmation-required`. */
  dropParked(queue: string, input: ReplayInput & Confirmed): Promise<Shape<'replay'>>
  /** Rejects with `listener-alive` while an instance answers, `confirmation-required`. Facts go first, then the queue. */
  withdraw(queue: string, input: Confirmed): Promise<Shape<'withdraw'>>
  pause(queue: string, actor: Actor): Promise<Shape<'pause'>>
  resume(queue: string, actor: Actor): Promise<Shape<'pause'>>
  orphans(): Promise<Shape<'orphans'>>
  catalogue(): Promise<Shape<'catalogue'>>
  /** The document of `catalogue` alone, made from the boards without asking anybody. */
  asyncapi(): Promise<Shape<'catalogue'>['document']>
  /** Whether the broker carries a question there and back within so many milliseconds. Never rejects. */
  reaches(timeoutMs: number): Promise<boolean>
  /**
   * Tells what changes on the boards, what operators do here, and what sources decided about events, until the signal is aborted. Sources are
   * asked only while somebody follows. `see` must not throw.
   */
  follow(see: (event: Shape<'liveEvent'>) => void, signal: AbortSignal): void
  /** What is counted, for a metrics page; at most a few seconds old. */
  census(): Promise<Census>
  /** Changes whenever the boards do: what was told from the boards alone is still true while it stays. */
  revision(): number
  /** Lets go of the boards; the broker stays open. */
  close(): Promise<void>
}

/** Counts of everybody who could be asked. */
export interface Census {
  readonly sources: readonly {
    readonly service: string
    readonly instance: string
    readonly stats?: NonNullable<Shape<'source'>['stats']>
    /** Subscriptions on the board to record types that it owns, less those that stand there: what has not arrived yet. */
    readonly behind?: number
  }[]
  /** The queues with most in them first. */
  readonly queues: readonly (NonNullable<Shape<'listenerRow'>['depth']> & { readonly queue: string })[]
  /** Queues that were not looked into because there are too many. */
  readonly more: number
  /** Summed over sources, by queue. */
  readonly deliveries: readonly {
    readonly queue: string
    readonly delivered: number
    readonly filter: number
    readonly tenant: number
    readonly unchanged: number
  }[]
  /** One answer a subscription set. */
  readonly listeners: readonly {
    readonly queue: string
    readonly stats: NonNullable<NonNullable<Shape<'listener'>['sets'][number]['instance']>['stats']>
  }[]
  readonly board: { readonly listeners: number; readonly sources: number; readonly setAside: number }
}
