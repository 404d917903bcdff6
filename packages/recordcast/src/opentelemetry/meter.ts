import type { Counter, Histogram, Meter } from '@opentelemetry/api'
import { instruments, type Metrics } from '@recordcast/registry/telemetry'

/** Counters and histograms under the names that Prometheus gives them. */
export function meterOf(meter: Meter): Metrics {
  const counters = new Map<string, Counter>()
  const histograms = new Map<string, Histogram>()
  for (const { name, type, help: description, buckets = [] } of instruments) {
    if (type === 'counter') counters.set(name, meter.createCounter(name, { description }))
    else {
      const advice = { explicitBucketBoundaries: [...buckets] }
      histograms.set(name, meter.createHistogram(name, { description, unit: 's', advice }))
    }
  }
  return {
    count: (name, labels, by) => counters.get(name)?.add(by, labels),
    observe: (name, labels, value) => histograms.get(name)?.record(value, labels),
  }
}
