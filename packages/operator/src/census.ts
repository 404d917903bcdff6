import { protocolVersion } from '@recordcast/protocol/control'
import { byQueue } from './board/by-queue.js'
import { recordOfEvent } from './board/records.js'
import { depthOf } from './depth.js'
import type { Census } from './operator.js'
import type { Context } from './parts/context.js'
import { inSlices } from './parts/in-slices.js'
import type { SourceStats } from './source-stats.js'

/** Queues that are looked into one by one, and listeners that are asked: those that get most. */
const mostQueues = 200

export async function takeCensus(context: Context, stats: readonly SourceStats[]): Promise<Census> {
  const { registry, broker, asker } = context
  const snapshot = registry.snapshot()
  const standing = new Map<string, number>()
  const queues = byQueue(snapshot)
  await inSlices(broker.clock, queues.values(), (sets) => {
    for (const { event } of sets.flatMap(({ subscriptions }) => subscriptions)) {
      const record = recordOfEvent(event)
      standing.set(record, (standing.get(record) ?? 0) + 1)
    }
  })
  const deliveries = new Map<
    string,
    { queue: string; delivered: number; filter: number; tenant: number; unchanged: number }
  >()
  for (const { counts } of stats) {
    await inSlices(broker.clock, counts?.subscriptions ?? [], ({ queue, delivered, suppressed }) => {
      const sum = deliveries.get(queue) ?? { queue, delivered: 0, filter: 0, tenant: 0, unchanged: 0 }
      sum.delivered += delivered
      sum.filter += suppressed.filter
      sum.tenant += suppressed.tenant
      sum.unchanged += suppressed.unchanged
      deliveries.set(queue, sum)
    })
  }
  const most = [...queues.keys()]
    .sort((a, b) => (deliveries.get(b)?.delivered ?? 0) - (deliveries.get(a)?.delivered ?? 0))
    .slice(0, mostQueues)
  const [depths, listeners] = await Promise.all([
    Promise.all(most.map(async (queue) => ({ queue, told: await depthOf(context, queue) }))),
    Promise.all(
      most.flatMap((queue) =>
        (queues.get(queue) ?? []).map(async ({ address }) => {
          const { value } = await asker.ask(address, { v: protocolVersion, kind: 'stats', offset: 0 })
          return value?.listener === undefined ? [] : [{ queue, stats: value.listener }]
        }),
      ),
    ),
  ])
  return {
    sources: stats.map(({ fact: { service, instance, records }, counts }) => {
      if (counts === undefined) return { service, instance }
      const { subscriptions: _, ...rest } = counts
      const wanted = records.reduce((sum, { name }) => sum + (standing.get(name) ?? 0), 0)
      return { service, instance, stats: rest, behind: Math.max(0, wanted - counts.total) }
    }),
    queues: depths.flatMap(({ queue, told }) => ('depth' in told ? [{ queue, ...told.depth }] : [])),
    more: queues.size - most.length,
    deliveries: [...deliveries.values()],
    listeners: listeners.flat(),
    board: { listeners: snapshot.listeners.size, sources: snapshot.sources.size, setAside: snapshot.setAside.size },
  }
}
