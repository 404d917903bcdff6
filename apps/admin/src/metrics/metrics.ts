import type { Census, Operator } from '@recordcast/operator'
import { Counter, collectDefaultMetrics, Gauge, Registry } from 'prom-client'

/*
Taken when they are asked for, at most every few seconds: what is counted lives in sources and listeners, which are asked over the bus. Labels are names of services, sources'
instances left out, and of queues, those with most deliveries only; `queue="other"` sums up the rest. Counters begin anew with each instance, which Prometheus expects.
*/

const freshMs = 5000
const mostQueues = 200

export function createMetrics(operator: Operator) {
  // Event-loop delay is among those of this process itself, which count on and are no part of what is set anew.
  const own = new Registry()
  collectDefaultMetrics({ register: own, prefix: 'recordcast_admin_' })
  const registry = new Registry()
  const set = describe(registry)
  let taken: { readonly at: number; readonly text: string } | undefined
  let taking: Promise<string> | undefined

  const take = async (now: number): Promise<string> => {
    set(await operator.census())
    const text = `${await registry.metrics()}\n${await own.metrics()}`
    taken = { at: now, text }
    return text
  }
  return {
    contentType: registry.contentType,
    /** One census at a time, however many ask. */
    async text(now: number): Promise<string> {
      if (taken !== undefined && now - taken.at < freshMs) return taken.text
      taking ??= take(now).finally(() => {
        taking = undefined
      })
      return taking
    },
    close(): void {
      registry.clear()
      own.clear()
    },
  }
}

function describe(registry: Registry): (census: Census) => void {
  const registers = [registry]
  const counter = (name: string, help: string, labelNames: string[]) =>
    new Counter({ name: `recordcast_${name}`, help, labelNames, registers })
  const gauge = (name: string, help: string, labelNames: string[] = []) =>
    new Gauge({ name: `recordcast_${name}`, help, labelNames, registers })

  const bySource = {
    emitted: counter('emits_total', 'Events emitted', ['service']),
    unwanted: counter('emits_unwanted_total', 'Events emitted that no subscription stood for', ['service']),
    published: counter('publishes_confirmed_total', 'Copies of events that the broker has confirmed', ['service']),
    publishRetries: counter('publishes_retried_total', 'Publishes that were tried again', ['service']),
    failed: counter('emits_failed_total', 'Emits that rejected because a queue did not take the event', ['service']),
    projections: counter('projections_total', 'Bodies encoded', ['service']),
    projectionBytes: counter('projection_bytes_total', 'Bytes of bodies put into queues', ['service']),
  }
  const inFlight = gauge('publishes_in_flight', 'Publishes without a confirm now', ['service'])
  const behind = gauge(
    'registry_lag_subscriptions',
    'Subscriptions on the board that do not stand at the source: not taken in yet, or refused',
    ['service'],
  )
  const silent = gauge('source_instances_silent', 'Instances on the board that did not answer', ['service'])
  const loaders = {
    calls: counter('loader_calls_total', 'Calls of loaders', ['service', 'loader']),
    cacheHits: counter('loader_cache_hits_total', 'Keys that a cache answered', ['service', 'loader']),
    failures: counter('loader_failures_total', 'Calls of loaders that failed', ['service', 'loader']),
  }
  const loaderSeconds = counter('loader_seconds_total', 'Seconds that calls of loaders took together', [
    'service',
    'loader',
  ])
  const delivered = counter('deliveries_total', 'Events put into a queue', ['queue'])
  const suppressed = counter('suppressed_total', 'Events held back from a queue, by reason', ['queue', 'reason'])
  const depth = gauge('queue_messages', 'Messages of a queue, by state', ['queue', 'state'])
  const byListener = {
    received: counter(
      'listener_received_total',
      'Deliveries to one instance a subscription set, repeated ones included',
      ['queue'],
    ),
    handled: counter('listener_handled_total', 'Events that a handler has handled', ['queue']),
    retried: counter('listener_retries_total', 'Attempts that failed and will be tried again', ['queue']),
    parked: counter('listener_parked_total', 'Events parked', ['queue']),
    duplicates: counter('listener_duplicates_total', 'Deliveries of events that had been handled before', ['queue']),
  }
  const handlerSeconds = counter('listener_handler_seconds_total', 'Seconds that handlers have run together', ['queue'])
  const board = gauge('board_facts', 'Facts on a board, and those that do not parse', ['board'])

  return (census) => {
    registry.resetMetrics()
    for (const { service, stats, behind: lag = 0 } of census.sources) {
      silent.inc({ service }, stats === undefined ? 1 : 0)
      if (stats === undefined) continue
      behind.inc({ service }, lag)
      inFlight.inc({ service }, stats.inFlight)
      for (const [what, metric] of Object.entries(bySource))
        metric.inc({ service }, stats[what as keyof typeof bySource])
      for (const { name, busyMs, ...counts } of stats.loaders) {
        const labels = { service, loader: name.slice(0, 100) }
        for (const [what, metric] of Object.entries(loaders)) metric.inc(labels, counts[what as keyof typeof loaders])
        loaderSeconds.inc(labels, busyMs / 1000)
      }
    }
    const named = new Set(mostDelivered(census))
    for (const { queue, ...counts } of census.deliveries) {
      const labels = { queue: named.has(queue) ? queue : 'other' }
      delivered.inc(labels, counts.delivered)
      for (const reason of ['filter', 'tenant', 'unchanged'] as const)
        suppressed.inc({ ...labels, reason }, counts[reason])
    }
    for (const { queue, ready, unsettled, parked } of census.queues) {
      for (const [state, count] of Object.entries({ ready, unsettled, parked })) depth.set({ queue, state }, count)
    }
    for (const { queue, stats } of census.listeners) {
      for (const [what, metric] of Object.entries(byListener))
        metric.inc({ queue }, stats[what as keyof typeof byListener])
      handlerSeconds.inc({ queue }, stats.handlerMs / 1000)
    }
    for (const [name, count] of Object.entries(census.board)) board.set({ board: name }, count)
  }
}

function mostDelivered({ deliveries }: Census): readonly string[] {
  return deliveries
    .toSorted((a, b) => b.delivered - a.delivered)
    .slice(0, mostQueues)
    .map(({ queue }) => queue)
}
