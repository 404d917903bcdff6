import type { createListener, createSource } from 'recordcast'
import type { Emit, Life, Queue, Release, Subscription } from './model.js'
import type { Service, Tenant } from './records.js'
import type { Process } from './world.js'

export type State = 'starting' | 'up' | 'stopping' | 'down' | 'failed'

export interface SourceProcess {
  readonly process: Process
  readonly service: Service
  readonly source: ReturnType<typeof createSource>
  state: State
  /** As it announced itself. */
  instance: string | undefined
  readonly pending: Set<Emit>
  /** When the source last heard of a record's own event, by slot: what its cache held before that is out. */
  readonly fresh: Map<string, number>
}

/** A durable listener, or the mould of the instances of an `each` listener. */
export interface QueueSpec extends Queue {
  readonly name: string
  readonly service: string
  readonly listener: string | undefined
  readonly delivery: 'shared' | 'each'
  readonly concurrency: number
  readonly missing: 'retry' | 'allow'
  readonly releases: Release[]
  life: Life | undefined
  /** Being unsubscribed: nobody starts meanwhile. */
  busy: boolean
}

export interface ListenerProcess {
  readonly process: Process
  readonly spec: QueueSpec
  readonly release: Release
  readonly life: Life
  readonly listener: ReturnType<typeof createListener>
  /** Some start of it has resolved. */
  served: boolean
  state: State
}

/** One call of a handler. */
export interface Handling {
  readonly by: ListenerProcess
  readonly subscription: Subscription
  /** `service/id` */
  readonly event: string
  readonly type: string
  readonly record: string
  readonly tenant: Tenant
  readonly attempt: number
  readonly data: Readonly<Record<string, unknown>>
  readonly missing: readonly string[]
  readonly startedAt: number
  endedAt: number | undefined
  outcome: 'running' | 'ok' | 'failed' | 'aborted' | 'killed'
}

export const alive = (party: { readonly process: Process; readonly state: State }): boolean =>
  !party.process.dead && (party.state === 'starting' || party.state === 'up')
export const up = (party: { readonly process: Process; readonly state: State }): boolean =>
  !party.process.dead && party.state === 'up'
