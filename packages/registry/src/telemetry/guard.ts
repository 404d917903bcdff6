import { RecordcastError } from '@recordcast/protocol/errors'
import type { Logger } from '../broker.js'
import type { Metrics, Telemetry } from './telemetry.js'

/**
 * The same, of which a fault in somebody's metrics harms nothing but them: the first is logged. undefined if nothing is observed.
 *
 * @throws RecordcastError invalid-options
 */
export function guarded(telemetry: Telemetry | undefined, logger: Logger): Telemetry | undefined {
  if (telemetry === undefined) return undefined
  const { tracer, metrics } = telemetry ?? {}
  const traces = tracer === undefined || typeof tracer.start === 'function'
  const measures =
    metrics === undefined || (typeof metrics.count === 'function' && typeof metrics.observe === 'function')
  if (typeof telemetry !== 'object' || !traces || !measures) {
    const expected = 'what openTelemetry() or prometheus() gave, or an object with tracer or metrics'
    throw new RecordcastError('invalid-options', `telemetry must be ${expected}`, {
      path: '/telemetry',
      found: telemetry,
      expected,
    })
  }
  if (tracer === undefined && metrics === undefined) return undefined
  return { ...(tracer && { tracer }), ...(metrics && { metrics: guardedMetrics(metrics, logger) }) }
}

function guardedMetrics(metrics: Metrics, logger: Logger): Metrics {
  let told = false
  const attempt = (name: string, run: () => void): void => {
    try {
      run()
    } catch (error) {
      if (!told)
        logger.warn(
          { error, metric: name },
          'The metrics of this process could not take a value; further faults are not told',
        )
      told = true
    }
  }
  return {
    count: (name, labels, by) => attempt(name, () => metrics.count(name, labels, by)),
    observe: (name, labels, value) => attempt(name, () => metrics.observe(name, labels, value)),
  }
}
