import { instruments, type Labels, type Telemetry } from '@recordcast/registry/telemetry'

interface Configuration<Register> {
  readonly name: string
  readonly help: string
  readonly labelNames: string[]
  readonly registers?: Register[]
  readonly buckets?: number[]
}

/** The part of prom-client that is used. */
export interface PrometheusClient<Register> {
  readonly Counter: new (configuration: Configuration<Register>) => { inc(labels: Labels, by: number): void }
  readonly Histogram: new (configuration: Configuration<Register>) => { observe(labels: Labels, value: number): void }
}

/**
 * Telemetry for `connect`: counters and histograms in prom-client, all registered at once, so that they are scraped before the first event.
 *
 * @param client the module itself: `import * as client from 'prom-client'`
 * @param register default the client's own
 * @example const broker = await connect(url, { telemetry: prometheus(client) })
 */
export function prometheus<Register>(client: PrometheusClient<Register>, register?: Register): Telemetry {
  const counters = new Map<string, { inc(labels: Labels, by: number): void }>()
  const histograms = new Map<string, { observe(labels: Labels, value: number): void }>()
  for (const { name, type, help, labels, buckets = [] } of instruments) {
    const shared = { name, help, labelNames: [...labels], ...(register !== undefined && { registers: [register] }) }
    if (type === 'counter') counters.set(name, new client.Counter(shared))
    else histograms.set(name, new client.Histogram({ ...shared, buckets: [...buckets] }))
  }
  return {
    metrics: {
      count: (name, labels, by) => counters.get(name)?.inc(labels, by),
      observe: (name, labels, value) => histograms.get(name)?.observe(labels, value),
    },
  }
}
