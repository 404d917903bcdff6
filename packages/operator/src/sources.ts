import { splitEventType } from '@recordcast/protocol'
import type { SourceFact } from '@recordcast/protocol/control'
import { RecordcastError } from '@recordcast/protocol/errors'
import { digestOf } from '@recordcast/protocol/language'
import { nearestNames } from '@recordcast/protocol/names'
import { byQueue } from './board/by-queue.js'
import type { Context } from './parts/context.js'
import { groupBy } from './parts/group-by.js'
import { inSlices } from './parts/in-slices.js'
import { readInput } from './parts/input.js'
import { collectPage } from './parts/paging.js'
import { type Input, type Shape, shapes } from './shapes/index.js'
import { askSourceStats, type SourceStats } from './source-stats.js'

/** Every instance of every source, by key. */
export async function listSources(
  { registry, asker }: Context,
  input: Input<'pageInput'> = {},
): Promise<Shape<'sources'>> {
  const { take, page } = collectPage<readonly [string, SourceFact]>(readInput(shapes.pageInput, input))
  const sources = [...registry.snapshot().sources].sort(([a], [b]) => (a < b ? -1 : 1))
  for (const source of sources) take(source[0], () => source)
  const { items, ...rest } = page()
  // Of no queue: the totals are all that a row shows.
  const stats = await Promise.all(items.map(([key, fact]) => askSourceStats(asker, key, fact, [])))
  return { ...rest, items: stats.map(rowOf) }
}

function rowOf({ key, fact, upMs, counts, problem }: SourceStats): Shape<'sources'>['items'][number] {
  const { service, instance, since, records } = fact
  return {
    ...{ id: key, service, instance, since, records: records.map(({ name }) => name) },
    ...(upMs !== undefined && { upMs }),
    ...(counts && {
      ...{ emitted: counts.emitted, published: counts.published, failed: counts.failed, inFlight: counts.inFlight },
    }),
    ...(problem && { problem }),
  }
}

/** One instance whole. @param id its key, or the name of a service that has one instance. @throws RecordcastError unknown-source */
export async function tellSource(context: Context, id: string): Promise<Shape<'source'>> {
  const [key, fact] = find(context, id)
  const [stats, projections] = await Promise.all([
    askSourceStats(context.asker, key, fact, []),
    projectionsOf(context, fact),
  ])
  const { subscriptions: _, ...counts } = stats.counts ?? { subscriptions: [] }
  return {
    ...rowOf(stats),
    address: fact.address,
    records: fact.records.map(({ name, schema, links, targets, sensitive, events }) => ({
      name,
      ...(schema && { schema }),
      links: links.map((link) => ({ name: link, ...(targets?.[link] !== undefined && { target: targets[link] }) })),
      sensitive: sensitive ?? [],
      events: ['created', 'changed', 'deleted', ...(events ?? [])].map((kind) => `${name}.${kind}`),
      open: events === undefined,
    })),
    projections,
    ...('emitted' in counts && { stats: counts }),
  }
}

function find({ registry }: Context, id: string): readonly [string, SourceFact] {
  const { sources } = registry.snapshot()
  const fact = sources.get(id)
  if (fact !== undefined) return [id, fact]
  const ofService = [...sources].filter(([, { service }]) => service === id)
  if (ofService[0] !== undefined && ofService.length === 1) return ofService[0]
  const several = ofService.map(([key]) => key)
  const sentence =
    several.length > 1 ? `"${id}" has ${several.length} instances; say which` : `There is no source "${id}"`
  throw new RecordcastError('unknown-source', sentence, {
    ...{ path: '/id', found: id, expected: 'service/instance of a source on the board' },
    nearest: several.length > 1 ? several.slice(0, 8) : [...nearestNames(id, sources.keys())],
  })
}

/** The distinct bodies that it makes: a set of atoms and an event type each. While a deploy rolls, a queue gets what any of its sets needs. */
async function projectionsOf(
  { registry, broker: { clock } }: Context,
  { records }: SourceFact,
): Promise<Shape<'source'>['projections']> {
  const owned = new Set(records.map(({ name }) => name))
  const found = new Map<string, Shape<'source'>['projections'][number]>()
  await inSlices(clock, byQueue(registry.snapshot()), ([queue, sets]) => {
    const byEvent = groupBy(
      sets.flatMap(({ subscriptions }) => subscriptions),
      ({ event }) => event,
    )
    for (const [event, subscriptions] of byEvent) {
      if (!owned.has(splitEventType(event)?.record ?? '')) continue
      const attributes = [...new Set(subscriptions.flatMap((each) => each.attributes))].sort()
      const projection = digestOf(attributes)
      const key = `${event}\n${projection}`
      const known = found.get(key) ?? { event, projection, attributes, queues: [] }
      known.queues.push(queue)
      found.set(key, known)
    }
  })
  return [...found].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, projection]) => projection)
}
