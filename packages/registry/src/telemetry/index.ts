export { guarded } from './guard.js'
export { type Instrument, instruments } from './instruments.js'
export type { Labels, Metrics, Span, SpanAttributes, Telemetry, Tracer } from './telemetry.js'
