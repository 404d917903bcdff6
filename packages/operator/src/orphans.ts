import { type ListenerFact, protocolVersion } from '@recordcast/protocol/control'
import { listenerKey } from '@recordcast/registry'
import { byQueue } from './board/by-queue.js'
import { depthOf } from './depth.js'
import type { Context } from './parts/context.js'
import { mapInSlices } from './parts/in-slices.js'
import type { Shape } from './shapes/index.js'

type Orphans = Shape<'orphans'>

/** Queues without a fact, facts without a queue, and announcements that nobody can read. */
export async function findOrphans(context: Context): Promise<Orphans> {
  const { broker, registry } = context
  const snapshot = registry.snapshot()
  const queues = byQueue(snapshot)
  const listed = await broker.transport.listQueues()
  const there = listed && new Set(listed)
  const unheard = listed?.filter((queue) => !queues.has(queue)).sort()
  // An instance's own queue is on no list.
  const unsure = [...queues.values()].flat().filter(({ queue, delivery }) => delivery === 'each' || !there?.has(queue))
  const [owned, facts] = await Promise.all([
    unheard && mapInSlices(broker.clock, unheard, async (queue) => ({ queue, ...(await depthOnly(context, queue)) })),
    mapInSlices(broker.clock, unsure, (fact) => factWithoutQueue(context, fact)),
  ])
  return {
    ...(owned && { queues: owned }),
    facts: facts.flat(),
    setAside: [...snapshot.setAside.values()].map((each) => ({ ...each })),
  }
}

async function depthOnly(
  context: Context,
  queue: string,
): Promise<{ depth?: NonNullable<Shape<'listenerRow'>['depth']> }> {
  const told = await depthOf(context, queue)
  return 'depth' in told ? { depth: told.depth } : {}
}

async function factWithoutQueue(context: Context, fact: ListenerFact): Promise<Orphans['facts']> {
  if (!('missing' in (await depthOf(context, fact.queue)))) return []
  const { queue, listener, since, address } = fact
  // Who is asked whether it is alive puts its queue back.
  const { value } = await context.asker.ask(address, { v: protocolVersion, kind: 'alive' })
  return [{ key: listenerKey(fact), queue, listener, since, alive: value !== undefined }]
}
