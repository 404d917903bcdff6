import type { ListenerFact } from '@recordcast/protocol/control'
import { byQueue } from './board/by-queue.js'
import { depthOf } from './depth.js'
import type { Context } from './parts/context.js'
import { groupBy } from './parts/group-by.js'
import { inSlices } from './parts/in-slices.js'
import type { Shape } from './shapes/index.js'
import type { SourceStats } from './source-stats.js'

type Picture = Shape<'bus'>
type Arrow = Picture['arrows'][number]

/** The bus as a picture: the listeners that get most, who feeds them and how much. */
export async function drawBus(context: Context, stats: readonly SourceStats[], limit: number): Promise<Picture> {
  const { registry, broker } = context
  const arrows = new Map<string, Arrow>()
  const delivered = new Map<string, number>()
  for (const { fact, counts } of stats) {
    await inSlices(broker.clock, counts?.subscriptions ?? [], ({ queue, event, seen, suppressed, ...each }) => {
      const key = `${fact.service}\n${queue}`
      const arrow = arrows.get(key) ?? {
        from: fact.service,
        to: queue,
        events: [],
        seen: 0,
        delivered: 0,
        suppressed: 0,
      }
      if (!arrow.events.includes(event)) arrow.events.push(event)
      arrow.seen += seen
      arrow.delivered += each.delivered
      arrow.suppressed += suppressed.filter + suppressed.tenant + suppressed.unchanged
      arrows.set(key, arrow)
      delivered.set(queue, (delivered.get(queue) ?? 0) + each.delivered)
    })
  }
  const queues = byQueue(registry.snapshot())
  const most = [...queues.keys()].sort((a, b) => (delivered.get(b) ?? 0) - (delivered.get(a) ?? 0)).slice(0, limit)
  const shown = new Set(most)
  const listeners = await Promise.all(
    most.map(async (queue) => {
      const [{ listener, service }] = queues.get(queue) as readonly [ListenerFact]
      return {
        queue,
        listener,
        service,
        paused: context.pauseOf(queue) !== undefined,
        ...(await depthOf(context, queue)),
      }
    }),
  )
  return {
    sources: servicesOf(stats),
    listeners,
    arrows: [...arrows.values()].filter(({ to }) => shown.has(to)),
    more: queues.size - most.length,
  }
}

function servicesOf(stats: readonly SourceStats[]): Picture['sources'] {
  return [...groupBy(stats, ({ fact }) => fact.service)].map(([service, instances]) => {
    const sum = (what: 'emitted' | 'published' | 'failed'): number =>
      instances.reduce((total, { counts }) => total + (counts?.[what] ?? 0), 0)
    return {
      service,
      instances: instances.length,
      silent: instances.filter(({ problem }) => problem !== undefined).length,
      records: [...new Set(instances.flatMap(({ fact }) => fact.records.map(({ name }) => name)))].sort(),
      ...{ emitted: sum('emitted'), published: sum('published'), failed: sum('failed') },
    }
  })
}
