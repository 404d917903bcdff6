import {
  type Context,
  context,
  isSpanContextValid,
  type Span as OtelSpan,
  type Tracer as OtelTracer,
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  TraceFlags,
  trace,
} from '@opentelemetry/api'
import type { Span, SpanAttributes, Tracer } from '@recordcast/registry/telemetry'

const kinds = { producer: SpanKind.PRODUCER, consumer: SpanKind.CONSUMER } as const

/** Spans of one tracer. A traceparent is read and written here, whatever propagator is registered: on the wire it is always W3C. */
export function tracerOf(tracer: OtelTracer): Tracer {
  return {
    start(name, kind, attributes, parent) {
      // A delivery comes out of a transport that was opened who knows where: what is active there is not its parent.
      const around = kind === 'producer' ? context.active() : ROOT_CONTEXT
      const from = withParent(around, parent)
      return spanOf(tracer, tracer.startSpan(name, { kind: kinds[kind], attributes }, from), from)
    },
  }
}

function spanOf(tracer: OtelTracer, span: OtelSpan, around: Context): Span {
  const own = trace.setSpan(around, span)
  return {
    traceparent: traceparentOf(span),
    child(name: string, attributes: SpanAttributes = {}) {
      return spanOf(tracer, tracer.startSpan(name, { kind: SpanKind.INTERNAL, attributes }, own), own)
    },
    set: (attributes) => void span.setAttributes(attributes),
    within: (run) => context.with(own, run),
    end(failure) {
      if (failure !== undefined) fail(span, failure.error)
      span.end()
    },
  }
}

function fail(span: OtelSpan, error: unknown): void {
  const code = (error as { code?: unknown } | null | undefined)?.code
  const exception = error instanceof Error ? error : String(error)
  span.recordException(exception)
  span.setAttribute('error.type', typeof code === 'string' ? code : error instanceof Error ? error.name : '_OTHER')
  span.setStatus({ code: SpanStatusCode.ERROR, message: error instanceof Error ? error.message : String(error) })
}

const w3c = /^([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?$/

function withParent(around: Context, traceparent: string | undefined): Context {
  const [, version, traceId, spanId, flags, more] = w3c.exec(traceparent ?? '') ?? []
  if (traceId === undefined || spanId === undefined || flags === undefined) return around
  // Later versions may say more, this one may not; ff is none.
  if (version === 'ff' || (version === '00' && more !== undefined)) return around
  const traceFlags = Number.parseInt(flags, 16) & TraceFlags.SAMPLED
  const parent = { traceId, spanId, traceFlags, isRemote: true }
  return isSpanContextValid(parent) ? trace.setSpanContext(around, parent) : around
}

function traceparentOf(span: OtelSpan): string | undefined {
  const own = span.spanContext()
  if (!isSpanContextValid(own)) return undefined
  return `00-${own.traceId}-${own.spanId}-${own.traceFlags.toString(16).padStart(2, '0')}`
}
