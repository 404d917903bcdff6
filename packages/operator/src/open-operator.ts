import { type Broker, openRegistry } from '@recordcast/registry'
import { tellAttributes } from './attributes.js'
import { type AuditEntry, createAudit } from './audit.js'
import { drawBus } from './bus.js'
import { describeBus } from './catalogue/document.js'
import { lintBus } from './catalogue/lint.js'
import { takeCensus } from './census.js'
import { demandConfirmation } from './confirm.js'
import { explain } from './explain.js'
import { createFeed } from './follow.js'
import { tellImpact } from './impact.js'
import { tellListener } from './listener-detail.js'
import { listListeners, listSubscriptions } from './lists.js'
import type { Operator } from './operator.js'
import { findOrphans } from './orphans.js'
import { browseParked } from './parked/browse.js'
import { replay } from './parked/replay.js'
import { tellParked } from './parked/whole.js'
import { createAsker } from './parts/ask-many.js'
import type { Context } from './parts/context.js'
import { inParallel } from './parts/in-parallel.js'
import { pause, resume } from './pause.js'
import { reaches } from './reaches.js'
import { createSourceStats } from './source-stats.js'
import { listSources, tellSource } from './sources.js'
import { withdraw } from './withdraw.js'

export interface OperatorOptions {
  /** As `connect` gives it. It stays the caller's to close. */
  readonly broker: Broker
  /** How long a source or a listener may take to answer. Default 2,000. */
  readonly requestTimeoutMs?: number
  /** Most requests to services on their way at once, and as many to the broker. Default 8. */
  readonly parallel?: number
  /** Told of everything that was done to the bus or failed to be. Must not throw. */
  readonly onAudit?: (entry: AuditEntry) => void
  /** Gives up opening, which has no time limit of its own: a broker may be away for long. */
  readonly signal?: AbortSignal
}

/** Follows the boards and resolves when everything that stands on them is known. Rejects with the transport's first error, or `stopped`. */
export async function openOperator(options: OperatorOptions): Promise<Operator> {
  const { broker, requestTimeoutMs = 2000, parallel = 8, onAudit = () => undefined, signal } = options
  const { transport, clock, logger } = broker
  const registry = await openRegistry({
    ...{ transport, clock, keepPause: () => true, ...(signal && { signal }) },
    onSetAside: (error) => logger.warn({ error }, 'An announcement was set aside'),
  })
  const context: Context = {
    ...{ broker, registry, asker: createAsker(broker, requestTimeoutMs, parallel), gate: inParallel(parallel) },
    pauseOf: (queue) => registry.snapshot().pauses.get(queue),
  }
  const stats = createSourceStats(context, clock)
  const closed = new AbortController()
  const feed = createFeed(context)
  const audited = createAudit(clock, (entry) => {
    onAudit(entry)
    const { at, by, action, target } = entry
    feed.tell({ type: 'audit', at, by, action, target })
  })

  return {
    subscriptions: (input) => listSubscriptions(context, input),
    listeners: (input) => listListeners(context, input),
    listener: (queue) => tellListener(context, queue),
    sources: (input) => listSources(context, input),
    source: (id) => tellSource(context, id),
    bus: async (limit = 200) => drawBus(context, await stats(), limit),
    attributes: async (record) => tellAttributes(context, await stats(), record),
    impact: (record, change) => tellImpact(context, record, change),
    explain: (input) => explain(context, input),
    parked: (queue, input) => browseParked(context, queue, input),
    parkedMessage: (queue, id) => tellParked(context, queue, id),
    replay: (queue, input) => {
      const run = () => replay(context, 'replay', queue, input)
      return input.dryRun
        ? run()
        : audited({ by: input.by, action: 'replay', target: queue, details: input.which }, run)
    },
    dropParked: async (queue, input) => {
      demandConfirmation(queue, input, 'Dropping parked messages')
      const run = () => replay(context, 'drop', queue, input)
      return input.dryRun ? run() : audited({ by: input.by, action: 'drop', target: queue, details: input.which }, run)
    },
    withdraw: (queue, input) => {
      const run = () => withdraw(context, queue, input)
      return input.dryRun ? run() : audited({ by: input.by, action: 'withdraw', target: queue, details: {} }, run)
    },
    pause: (queue, { by }) =>
      audited({ by, action: 'pause', target: queue, details: {} }, () => pause(context, queue, by)),
    resume: (queue, { by }) =>
      audited({ by, action: 'resume', target: queue, details: {} }, () => resume(context, queue)),
    orphans: () => findOrphans(context),
    catalogue: async () => ({ document: await describeBus(context), lint: await lintBus(context, await stats()) }),
    asyncapi: () => describeBus(context),
    reaches: (timeoutMs) => reaches(broker, timeoutMs),
    follow: (see, following) => feed.add(see, AbortSignal.any([following, closed.signal])),
    census: async () => takeCensus(context, await stats()),
    revision: () => registry.snapshot().revision,
    async close() {
      closed.abort()
      await registry.stop()
    },
  }
}
