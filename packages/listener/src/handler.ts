import type { Audience, MissingAttribute } from '@recordcast/protocol/wire'

/** What a handler is called with: the event with this listener's own names for what it asked. */
export interface ListenerEvent<Data = Readonly<Record<string, unknown>>> {
  /** Unique within its source. */
  readonly id: string
  /** "issue.changed" */
  readonly type: string
  /** The id of the record. */
  readonly record: string
  /** ISO 8601 UTC. */
  readonly time: string
  /** The service that emitted it. */
  readonly source: string
  /** Absent for an event of the whole service. */
  readonly tenant?: string
  /** Who caused it. */
  readonly user?: string
  /** To whom it may be shown in the end. */
  readonly audience: Audience
  readonly data: Data
  /** Attributes that could not be had; empty unless the listener allows it with `missing: 'allow'`. */
  readonly missing: readonly MissingAttribute[]
}

export interface HandlerContext {
  /** Aborted on timeout, when the listener's stop has run out of patience, and when the broker no longer waits for the outcome. */
  readonly signal: AbortSignal
  /** From 1. */
  readonly attempt: number
}

/** The event has been handled when this returns or its promise resolves; what it throws or rejects with fails the attempt. */
export type Handler<Data> = (event: ListenerEvent<Data>, context: HandlerContext) => unknown

/** Own names for attribute expressions, or a list of expressions that are the names themselves. */
export type Attributes = Readonly<Record<string, string>> | readonly string[]

/** What a subscription says. */
export interface SubscribeOptions<A = Attributes> {
  readonly attributes: A
  /** An event pattern; absent: every event. */
  readonly where?: Readonly<Record<string, unknown>>
  /** Changed events only if one of the attributes differs between before and after. */
  readonly when?: 'selected-changed'
  /** 'all' (default), or the only tenants whose events may reach this listener; events without a tenant then do not. */
  readonly tenants?: 'all' | readonly string[]
}
