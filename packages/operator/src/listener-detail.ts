import { type ListenerFact, protocolVersion, type SourceFact } from '@recordcast/protocol/control'
import { listenerKey } from '@recordcast/registry'
import { setsOf } from './board/by-queue.js'
import { listenerRow } from './lists.js'
import type { Context } from './parts/context.js'
import type { Shape } from './shapes/index.js'
import { askSourceStats, type SourceStats } from './source-stats.js'

type Detail = Shape<'listener'>

/** One listener with what every source and one instance of each of its sets say. @throws RecordcastError unknown-listener */
export async function tellListener(context: Context, queue: string): Promise<Detail> {
  const { registry, asker } = context
  const snapshot = registry.snapshot()
  const sets = setsOf(snapshot, queue)
  const sources = [...snapshot.sources]
  const [row, details, stats] = await Promise.all([
    listenerRow(context, sets),
    Promise.all(
      sets.map((fact) =>
        tellSet(
          context,
          fact,
          sources.map(([, source]) => source),
        ),
      ),
    ),
    Promise.all(sources.map(([key, source]) => askSourceStats(asker, key, source, [queue]))),
  ])
  return { ...row, sets: details, counts: sumCounts(queue, stats) }
}

async function tellSet(
  { asker }: Context,
  fact: ListenerFact,
  sources: readonly SourceFact[],
): Promise<Detail['sets'][number]> {
  const { set, generation, since, address } = fact
  const key = listenerKey(fact)
  const [own, verdicts] = await Promise.all([
    asker.ask(address, { v: protocolVersion, kind: 'stats', offset: 0 }),
    Promise.all(
      sources.map(async ({ service, instance, address: at }) => {
        const told = await asker.ask(at, { v: protocolVersion, kind: 'verdict', key, set })
        return { service, instance, ...(told.problem ? { problem: told.problem } : { verdicts: told.value.verdicts }) }
      }),
    ),
  ])
  const { value } = own
  return {
    ...{ set, generation, since, address, verdicts },
    subscriptions: fact.subscriptions.map(({ event, attributes, filter, when, tenants }) => ({
      ...{ event, attributes, tenants },
      ...(filter && { filter }),
      ...(when && { when }),
    })),
    ...(value && { instance: { instance: value.instance, upMs: value.upMs, stats: value.listener } }),
    ...(own.problem && { problem: own.problem }),
  }
}

/** Counts by event type over all source instances that answered. */
function sumCounts(queue: string, stats: readonly SourceStats[]): Detail['counts'] {
  const events = new Map<string, Detail['counts']['events'][number]>()
  for (const { queue: of, event, seen, delivered, suppressed } of stats.flatMap(
    ({ counts }) => counts?.subscriptions ?? [],
  )) {
    if (of !== queue) continue
    const before = events.get(event)
    events.set(event, {
      event,
      seen: seen + (before?.seen ?? 0),
      delivered: delivered + (before?.delivered ?? 0),
      suppressed: {
        filter: suppressed.filter + (before?.suppressed.filter ?? 0),
        tenant: suppressed.tenant + (before?.suppressed.tenant ?? 0),
        unchanged: suppressed.unchanged + (before?.suppressed.unchanged ?? 0),
      },
    })
  }
  return { events: [...events.values()].sort((a, b) => (a.event < b.event ? -1 : 1)), unknown: silentOf(stats) }
}

/** Instances that could not be asked, and why. */
export function silentOf(stats: readonly SourceStats[]): Detail['counts']['unknown'] {
  return stats.flatMap(({ fact: { service, instance }, problem }) =>
    problem === undefined ? [] : [{ service, instance, problem }],
  )
}
