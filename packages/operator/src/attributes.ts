import { isSensitiveField, sensitivityOfRecord } from '@recordcast/protocol/masking'
import { byQueue } from './board/by-queue.js'
import { declaredOf } from './board/declared.js'
import { readsOf } from './board/reads.js'
import { ownersOf, recordOfEvent, recordsOf, unknownRecord } from './board/records.js'
import { silentOf } from './listener-detail.js'
import type { Context } from './parts/context.js'
import { inSlices } from './parts/in-slices.js'
import type { Shape } from './shapes/index.js'
import type { SourceStats } from './source-stats.js'

type Attribute = Shape<'attributes'>['attributes'][number]

/** Who reads which attribute of a record type. @throws RecordcastError unknown-record-type, when nobody owns it and nobody reads it */
export async function tellAttributes(
  { registry, broker: { clock } }: Context,
  stats: readonly SourceStats[],
  record: string,
): Promise<Shape<'attributes'>> {
  const snapshot = registry.snapshot()
  const records = recordsOf(snapshot)
  const sensitive = sensitivityOfRecord(
    record,
    [...snapshot.sources.values()].flatMap((fact) => fact.records),
  )
  const attributes = new Map<string, Attribute>()
  const add = (path: readonly string[], more: Partial<Attribute>): Attribute => {
    const text = path.join('.')
    const known = attributes.get(text)
    if (known !== undefined) return known
    const made = {
      path: text,
      types: [],
      ...(isSensitiveField(path, sensitive) && { sensitive: true as const }),
      readers: [],
      ...more,
    }
    attributes.set(text, made)
    return made
  }
  const names = records.names.get(record)
  for (const { path, types, ...more } of names === undefined ? [] : declaredOf(records, names))
    add(path, { types: [...types], ...more })

  const timesOf = countTimes(stats)
  await inSlices(clock, byQueue(snapshot), ([queue, sets]) => {
    for (const { listener, service, since, subscriptions } of sets) {
      for (const subscription of subscriptions) {
        const { event } = subscription
        if (recordOfEvent(event) !== record) continue
        const times = timesOf(queue, event)
        for (const { as, expression, root, path } of readsOf(subscription)) {
          if (root !== 'record' || path.length === 0) continue
          add(path, { undeclared: true }).readers.push({
            ...{ queue, listener, service, event, as, expression, since },
            ...(times && { times: as === 'payload' ? times.delivered : times.seen }),
          })
        }
      }
    }
  })
  if (names === undefined && attributes.size === 0) throw unknownRecord(records, record)
  return {
    record,
    owners: ownersOf(records, record),
    attributes: [...attributes.values()].sort((a, b) => (a.path < b.path ? -1 : 1)),
    unknown: silentOf(stats),
  }
}

function countTimes(stats: readonly SourceStats[]) {
  const times = new Map<string, { seen: number; delivered: number }>()
  for (const { queue, event, seen, delivered } of stats.flatMap(({ counts }) => counts?.subscriptions ?? [])) {
    const key = `${queue}\n${event}`
    const before = times.get(key)
    times.set(key, { seen: seen + (before?.seen ?? 0), delivered: delivered + (before?.delivered ?? 0) })
  }
  return (queue: string, event: string) => times.get(`${queue}\n${event}`)
}
