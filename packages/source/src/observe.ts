import type { EventType } from '@recordcast/protocol'
import type { Span, SpanAttributes, Telemetry } from '@recordcast/registry/telemetry'
import type { Clock } from '@recordcast/transport'
import { noOptions } from './check-emit.js'
import type { LoaderCall } from './loader.js'
import type { EmitOptions, EmitResult, Source } from './options.js'
import type { OwnedRecords } from './owned.js'

/*
What is observed of a source. An emit is one span with a span for each step of its way; its own context goes along with the event, unless the emit gave one. Names of
attributes are those of OpenTelemetry's messaging conventions. Neither facts nor ids of records are told.
*/

/** Under which an observed emit carries its steps to where it is sent. */
export const stepsOf = Symbol('steps')

export interface ObservedOptions extends EmitOptions {
  readonly [stepsOf]?: Steps
}

/** The steps of an emit, one after the other. */
export class Steps {
  readonly #span: Span
  #step: Span | undefined

  constructor(span: Span) {
    this.#span = span
  }

  enter(name: 'enrich' | 'publish'): void {
    this.leave()
    this.#step = this.#span.child(name)
  }

  leave(failure?: { readonly error: unknown }): void {
    this.#step?.end(failure)
    this.#step = undefined
  }
}

interface Parts {
  readonly service: string
  readonly owned: OwnedRecords
  readonly transport: string
  readonly clock: Clock
  readonly telemetry: Telemetry
}

/** The same emit, observed. */
export function observeEmit(emit: Source['emit'], parts: Parts): Source['emit'] {
  const { service, owned, transport, clock, telemetry } = parts
  const { tracer, metrics } = telemetry
  const count = (event: string, outcome: string): void =>
    metrics?.count('recordcast_emits_total', { service, event, outcome }, 1)
  const took = (event: string, began: number): void => {
    const seconds = Math.max(0, clock.now() - began) / 1000
    metrics?.observe('recordcast_emit_duration_seconds', { service, event }, seconds)
  }
  const tell = (event: string, began: number, { delivered, gone }: EmitResult): void => {
    count(event, delivered.length > 0 ? 'delivered' : 'unwanted')
    if (delivered.length + gone.length === 0) return
    took(event, began)
    const copies = { confirmed: delivered.length, gone: gone.length }
    for (const [outcome, many] of Object.entries(copies)) {
      if (many > 0) metrics?.count('recordcast_publishes_total', { service, event, outcome }, many)
    }
  }

  const observed = (type: EventType, facts: never, options: EmitOptions = noOptions): Promise<EmitResult> => {
    const began = clock.now()
    const event = labelOf(type, owned)
    const attributes = { ...sending(event, transport), 'recordcast.service': service }
    const span = tracer?.start(`emit ${event}`, 'producer', attributes, options?.traceparent)
    const emitted =
      span === undefined ? emit(type, facts, options) : span.within(() => emit(type, facts, carrying(options, span)))
    return emitted.then(
      (result) => {
        span?.set({ 'messaging.message.id': result.id, 'recordcast.queues': result.delivered.length })
        span?.end()
        tell(event, began, result)
        return result
      },
      (error: unknown) => {
        span?.end({ error })
        count(event, 'failed')
        took(event, began)
        throw error
      },
    )
  }
  return observed as Source['emit']
}

/** Tells of calls of loaders; undefined if nobody wants to know. */
export function observeLoaders(service: string, { metrics }: Telemetry = {}): ((call: LoaderCall) => void) | undefined {
  return (
    metrics &&
    (({ loader, ms, loaded, failed }) => {
      metrics.observe('recordcast_loader_duration_seconds', { service, loader }, ms / 1000)
      for (const [outcome, keys] of Object.entries({ loaded, failed })) {
        if (keys > 0) metrics.count('recordcast_loader_keys_total', { service, loader, outcome }, keys)
      }
    })
  )
}

function carrying(options: EmitOptions, span: Span): ObservedOptions {
  const { traceparent = span.traceparent } = options ?? {}
  return { ...options, [stepsOf]: new Steps(span), ...(traceparent !== undefined && { traceparent }) }
}

function sending(event: string, transport: string): SpanAttributes {
  return {
    'messaging.system': 'recordcast',
    'messaging.operation.type': 'send',
    'messaging.operation.name': 'emit',
    'messaging.destination.name': event,
    'recordcast.transport': transport,
  }
}

/** An event type as a label: kinds that were not declared may be without number. */
function labelOf(type: EventType, owned: OwnedRecords): string {
  const record = owned.get(type?.record?.name)
  if (record === undefined) return 'unknown'
  const { kind } = type
  const usual = kind === 'created' || kind === 'changed' || kind === 'deleted'
  return usual || record.options.events?.includes(kind) ? `${record.name}.${kind}` : `${record.name}.*`
}
