import type { WireEvent } from '@recordcast/protocol/wire'
import type { Span, SpanAttributes, Telemetry } from '@recordcast/registry/telemetry'
import type { Delivery, Verdict } from '@recordcast/transport'
import { isPromise } from '@recordcast/transport/consume'
import type { Attempted } from './attempt.js'
import type { Settings } from './check-options.js'
import type { Handler } from './handler.js'

/*
What is observed of a listener. A delivery that can be read is one span, a child of what the event's traceparent names, from its coming until its verdict; the call of the handler is
a span in it, and active while the handler runs. Names of attributes are those of OpenTelemetry's messaging conventions. Neither data nor ids of records are told.
*/
export interface Observer {
  /** Runs what finds the verdict, and tells what came of it. `verdictOn` may throw or reject; `failed` makes a verdict of that. */
  around(
    event: WireEvent,
    delivery: Delivery,
    verdictOn: (observation: Observation) => Verdict | Promise<Verdict>,
    failed: (thrown: unknown) => Verdict,
  ): Promise<Verdict>
  /** A delivery that cannot be read has its verdict. */
  unread(verdict: Verdict): void
}

/** One delivery. */
export interface Observation {
  /** What the attempt came to, where there was one. */
  attempted: Attempted | 'another' | undefined
  /** The same handler, observed. */
  handler(handler: Handler<Record<string, unknown>>): Handler<Record<string, unknown>>
}

interface Parts {
  readonly settings: Settings
  readonly queue: string
  readonly has: (type: string) => boolean
}

/** undefined if nobody observes. */
export function createObserver(parts: Parts): Observer | undefined {
  const { telemetry } = parts.settings
  return telemetry && observerOf(parts, telemetry)
}

function observerOf({ settings, queue, has }: Parts, { tracer, metrics }: Telemetry): Observer {
  const { listener, broker } = settings
  const { clock, transport } = broker
  const count = (event: string, outcome: string): void =>
    metrics?.count('recordcast_deliveries_total', { listener, event, outcome }, 1)

  const handlerOf =
    (label: string, span: Span | undefined): Observation['handler'] =>
    (handler) =>
    (event, context) => {
      const began = clock.now()
      const own = span?.child(`handle ${event.type}`)
      const over = (failure?: { readonly error: unknown }): void => {
        own?.end(failure)
        metrics?.observe(
          'recordcast_handler_duration_seconds',
          { listener, event: label },
          Math.max(0, clock.now() - began) / 1000,
        )
      }
      return watched(
        () => (own === undefined ? handler(event, context) : own.within(() => handler(event, context))),
        over,
      )
    }

  return {
    async around(event, delivery, verdictOn, failed) {
      const label = has(event.type) ? event.type : 'other'
      const attributes = { ...processing(event, delivery, queue), 'recordcast.transport': transport.name }
      const span = tracer?.start(
        `process ${queue}`,
        'consumer',
        { ...attributes, 'messaging.consumer.group.name': listener },
        event.traceparent,
      )
      const observation: Observation = { attempted: undefined, handler: handlerOf(label, span) }
      let verdict: Verdict
      try {
        verdict = await (span === undefined ? verdictOn(observation) : span.within(() => verdictOn(observation)))
      } catch (thrown) {
        verdict = failed(thrown)
      }
      const outcome = outcomeOf(verdict, observation.attempted)
      span?.set({ 'recordcast.outcome': outcome })
      span?.end(failureOf(observation.attempted))
      count(label, outcome)
      return verdict
    },
    unread: (verdict) => count('other', outcomeOf(verdict, undefined)),
  }
}

/** Runs a function, tells when it has ended, and leaves what it gives or throws as it is. */
function watched(run: () => unknown, over: (failure?: { readonly error: unknown }) => void): unknown {
  let given: unknown
  try {
    given = run()
  } catch (error) {
    over({ error })
    throw error
  }
  if (!isPromise(given)) {
    over()
    return given
  }
  return Promise.resolve(given).then(
    (value) => {
      over()
      return value
    },
    (error: unknown) => {
      over({ error })
      throw error
    },
  )
}

function processing(event: WireEvent, delivery: Delivery, queue: string): SpanAttributes {
  return {
    'messaging.system': 'recordcast',
    'messaging.operation.type': 'process',
    'messaging.operation.name': 'process',
    'messaging.destination.name': queue,
    'messaging.message.id': event.id,
    'messaging.message.body.size': delivery.message.body.length,
    'recordcast.event': event.type,
    'recordcast.attempt': delivery.attempt,
  }
}

function outcomeOf(verdict: Verdict, attempted: Observation['attempted']): string {
  if (verdict.do === 'park') return 'parked'
  if (verdict.do === 'retry') return 'retried'
  if (verdict.do === 'return') return 'returned'
  if (attempted === 'duplicate') return 'duplicate'
  return typeof attempted === 'object' ? 'handled' : 'suppressed'
}

function failureOf(attempted: Observation['attempted']): { readonly error: unknown } | undefined {
  if (typeof attempted !== 'object' || attempted.ok) return undefined
  const { code, message } = attempted.failure
  return { error: Object.assign(new Error(message), { code, stack: attempted.failure.stack }) }
}
