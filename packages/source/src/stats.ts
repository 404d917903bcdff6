import type { Directory } from './directory.js'
import type { ListenerStats, SourceStats } from './options.js'
import type { OwnedRecords } from './owned.js'

/** The counters, for whoever counts. */
export type Counts = { -readonly [K in keyof Omit<SourceStats, 'setAside' | 'listeners' | 'loaders'>]: number }

export function newCounts(): Counts {
  return {
    emitted: 0,
    unwanted: 0,
    published: 0,
    publishRetries: 0,
    failed: 0,
    projections: 0,
    projectionBytes: 0,
    inFlight: 0,
  }
}

/** One look at all counters. */
export function collectStats(counts: Counts, directory: Directory, owned: OwnedRecords, setAside: number): SourceStats {
  const listeners = Array.from(directory.entries(), ({ fact, subscription, since, told: own }): ListenerStats => {
    const seen = directory.counted(subscription.event) - since
    return {
      queue: fact.queue,
      service: fact.service,
      event: subscription.event,
      seen,
      delivered: own.delivered,
      suppressed: { filter: seen - own.candidate + own.heldBack, tenant: own.tenant, unchanged: own.unchanged },
      linked: own.linked,
    }
  })
  return { ...counts, setAside, listeners, loaders: owned.loaders.map((loader) => loader.stats()) }
}
