/** To whom an event may be shown in the end: services only (default), all users of its tenant, or the users listed. */
export type Audience = 'service' | 'tenant' | readonly string[]

/** An attribute that could not be loaded when the event left its source. */
export interface MissingAttribute {
  /** The canonical path, or `$filter` when it is the filter that lacks something. */
  readonly path: string
  readonly code: string
  readonly message: string
}

/** A record event as it travels to one group of listeners: one CloudEvents 1.0 document. */
export interface WireEvent {
  /** UUIDv7 unless the emitter gave its own; the idempotency key. */
  readonly id: string
  /** The name of the source service. */
  readonly source: string
  /** The event type: "issue.changed". */
  readonly type: string
  /** The id of the record. */
  readonly subject: string
  /** ISO 8601 UTC. */
  readonly time: string
  readonly tenant?: string
  /** Who caused it. */
  readonly user?: string
  readonly audience?: Audience
  /** Digest of the set of paths that `data` was made for; '' from a producer that does not say. */
  readonly projection: string
  readonly missing?: readonly MissingAttribute[]
  /** W3C Trace Context. */
  readonly traceparent?: string
  /** Canonical path to value. A path that failed to load is absent here and named in `missing`. */
  readonly data: Readonly<Record<string, unknown>>
}

/** Content type of an event's body. */
export const eventContentType = 'application/cloudevents+json'
