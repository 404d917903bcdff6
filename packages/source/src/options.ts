import type { EventType, RecordDefinition } from '@recordcast/protocol'
import type { Audience } from '@recordcast/protocol/wire'
import type { Broker } from '@recordcast/registry'
import type { Telemetry } from '@recordcast/registry/telemetry'

/** The facts of a record as its source knows them; may hold keys that links need and the schema leaves open. */
export type Facts = Readonly<Record<string, unknown>>

/** What a loader is told beside the keys. */
export interface LoadContext {
  /** The tenant of the events for which is loaded; keys of different tenants never share a batch. */
  readonly tenant: string | undefined
  /** Top-level names that listeners want of these records now: a hint for the columns to select; more may be returned. */
  readonly attributes: readonly string[]
  /** Aborted when the loader has run out of time. */
  readonly signal: AbortSignal
}

/**
 * Loads records by key: as many results as keys, in the order of the keys. null or undefined: there is no such record. An Error in
 * a slot fails that key alone; a throw fails the batch. Results are read, never written to.
 */
export type Load = (
  keys: readonly string[],
  context: LoadContext,
) => Promise<readonly (object | null | undefined)[]> | readonly (object | null | undefined)[]

export interface LoadOptions {
  readonly load: Load
  /** Kept across events, by (tenant, record type, key); absent: only events in flight together share a load. */
  readonly cache?: { readonly max: number; readonly ttlMs: number }
  /** Most milliseconds for one call; default 10,000. */
  readonly timeoutMs?: number
  /** Most keys in one call; default 500. */
  readonly maxBatch?: number
  /** Most calls at once; default 4. */
  readonly concurrency?: number
}

/** How a record of one type points to another. */
export interface LinkOptions extends LoadOptions {
  /** The key of the linked record, a list of keys for a list of records, null or undefined for none. Numbers become texts. */
  readonly key: (facts: Facts) => unknown
  /** The linked record's type. Its events then refresh the cache, its own links can be followed, its attributes are checked. */
  readonly type?: RecordDefinition
}

/** A record type that this source owns. */
export interface RecordOptions {
  readonly type: RecordDefinition
  readonly links?: Readonly<Record<string, LinkOptions>>
  /** The custom kinds of events that it emits; absent: any. */
  readonly events?: readonly string[]
  /** Loads records by id: used only to complete an event whose attributes had failed or were not asked for when it was emitted. */
  readonly load?: Load
  /**
   * Paths whose values operators must not see, such as 'author.mail'; what lies below one is sensitive too, and so is what the record types of links call
   * sensitive. Announced, and masked by the operator's tools; listeners get the values as ever.
   */
  readonly sensitive?: readonly string[]
  /** Whether a listener may read an attribute; default every listener may read all. Asked at subscription, with the path's names. */
  readonly grant?: (request: {
    readonly service: string
    readonly listener: string
    readonly attribute: string
  }) => boolean
}

export interface SourceOptions {
  readonly service: string
  readonly broker: Broker
  readonly records: readonly RecordOptions[]
  /** 'required' refuses an emit without a tenant; default 'optional'. */
  readonly tenancy?: 'optional' | 'required'
  /** Milliseconds in which a publish must be confirmed, tries included; default 30,000. */
  readonly timeoutMs?: number
  /** Bounds of what is in flight; beyond either, emit rejects with buffer-full. */
  readonly maxInFlight?: { readonly events?: number; readonly bytes?: number }
  /** How many published events are remembered to complete them later; default 1,000. */
  readonly recent?: number
  /** Who observes this source; default the broker's. */
  readonly telemetry?: Telemetry
  /** The log of the latest events and what was decided about them, for operators; it holds their facts. */
  readonly decisions?: DecisionOptions
}

export interface DecisionOptions {
  /** How many events; default 1,000. 0 switches the log off. */
  readonly keep?: number
  /** One of so many events is kept; default 1: every one. */
  readonly sample?: number
}

/** What an emit may say beside the facts. */
export interface EmitOptions {
  /** The tenant that the event belongs to; absent for an event of the whole service. */
  readonly tenant?: string
  /** Default 'service'. */
  readonly audience?: Audience
  /** The event's own id: the same emit again under the same id is the same event. Default a new UUIDv7. */
  readonly id?: string
  /** Who caused it. */
  readonly user?: string
  /** W3C Trace Context. */
  readonly traceparent?: string
}

export interface EmitResult {
  readonly id: string
  /** Queues that have the event, confirmed. */
  readonly delivered: readonly string[]
  /** Queues of subscribed listeners that do not exist any more and that no listener put back. */
  readonly gone: readonly string[]
}

/** One state of a record; keys beyond the schema are allowed. */
export type Image<Shape> = { readonly [K in keyof Shape]?: Shape[K] } & Facts

/** What `emit` takes for an event of that kind; a custom event's facts are the record as the event leaves it. */
export type EmitFacts<Shape, Kind extends string> = Kind extends 'created'
  ? { readonly id: string; readonly after: Image<Shape> }
  : Kind extends 'changed'
    ? { readonly id: string; readonly before?: Image<Shape>; readonly after: Image<Shape> }
    : Kind extends 'deleted'
      ? { readonly id: string; readonly before: Image<Shape> }
      : { readonly id: string } & Image<Omit<Shape, 'id'>>

export interface Source {
  /**
   * Announces the source, takes in every listener that ever subscribed and resolves: no event emitted later misses a listener
   * that had subscribed before. @throws RecordcastError already-started
   */
  start(): Promise<void>
  /**
   * Puts an event into the queue of every interested listener, with what each asked for. Events of one record reach the queues in
   * the order in which they were emitted, awaited or not.
   * @throws RecordcastError not-started, stopped, invalid-event, unknown-record-type, unknown-event-type, buffer-full; an AggregateError with
   *   code publish-failed or payload-too-large whose errors name each queue that does not have the event, and whose `gone` those that do not exist, while every other has it
   */
  emit<Shape extends object, const Kind extends string>(
    type: EventType<Shape, Kind>,
    facts: EmitFacts<Shape, Kind>,
    options?: EmitOptions,
  ): Promise<EmitResult>
  /** Takes no more events, waits for those in flight, withdraws the announcement. */
  stop(): Promise<void>
  stats(): SourceStats
}

/** Counts since the source was made. */
export interface SourceStats {
  readonly emitted: number
  /** Emitted while no subscription stood for their type. */
  readonly unwanted: number
  readonly published: number
  readonly publishRetries: number
  /** Emits that rejected because a queue did not take the event. */
  readonly failed: number
  /** Bodies encoded. */
  readonly projections: number
  /** Their bytes, times the queues that each was put into. */
  readonly projectionBytes: number
  /** Publishes without a confirm now. */
  readonly inFlight: number
  readonly setAside: number
  readonly listeners: readonly ListenerStats[]
  readonly loaders: readonly LoaderStats[]
}

/** Counted while the subscription stands; a fact that is withdrawn takes its counts with it. */
export interface ListenerStats {
  readonly queue: string
  readonly service: string
  readonly event: string
  /** Events of this type emitted since the subscription was taken in. */
  readonly seen: number
  readonly delivered: number
  /** Held back, by reason. */
  readonly suppressed: { readonly filter: number; readonly tenant: number; readonly unchanged: number }
  /** Linked records that this listener would have had to load by itself for the events delivered to it. */
  readonly linked: number
}

export interface LoaderStats {
  /** `record.link`, several where links share type and `load`; `record` for a record's own loader. */
  readonly name: string
  readonly calls: number
  readonly keys: number
  readonly cacheHits: number
  readonly failures: number
  /** Milliseconds that all calls took together. */
  readonly busyMs: number
}
