import { type MeterProvider, metrics, type TracerProvider, trace } from '@opentelemetry/api'
import type { Telemetry } from '@recordcast/registry/telemetry'
import { meterOf } from './meter.js'
import { tracerOf } from './tracer.js'

export interface OpenTelemetryOptions {
  /** Default the one that is registered globally. */
  readonly tracerProvider?: TracerProvider
  /** Default the one that is registered globally. */
  readonly meterProvider?: MeterProvider
}

const scope = 'recordcast'

/**
 * Telemetry for `connect`: spans and metrics through @opentelemetry/api, which has to be installed. Without a provider, registered or given, nothing is recorded.
 *
 * @example const broker = await connect(url, { telemetry: openTelemetry() })
 */
export function openTelemetry(options: OpenTelemetryOptions = {}): Telemetry {
  const { tracerProvider = trace.getTracerProvider(), meterProvider = metrics.getMeterProvider() } = options
  return { tracer: tracerOf(tracerProvider.getTracer(scope)), metrics: meterOf(meterProvider.getMeter(scope)) }
}
