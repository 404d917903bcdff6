import { nearestNames } from '@recordcast/protocol/names'
import { fieldTrees, verifyNames } from '@recordcast/protocol/schema'
import { byQueue } from '../board/by-queue.js'
import { declaredOf } from '../board/declared.js'
import { isWithin, placesOf } from '../board/places.js'
import { readsOf } from '../board/reads.js'
import { type Records, recordOfEvent, recordsOf } from '../board/records.js'
import type { Context } from '../parts/context.js'
import { inSlices } from '../parts/in-slices.js'
import type { Shape } from '../shapes/index.js'
import type { SourceStats } from '../source-stats.js'

type Lint = Shape<'catalogue'>['lint'][number]

const mostOfRule = 500

/** What is odd about the bus as it announced itself. At most 500 findings a rule. */
export async function lintBus({ registry, broker }: Context, stats: readonly SourceStats[]): Promise<Lint[]> {
  const snapshot = registry.snapshot()
  const records = recordsOf(snapshot)
  const dead = new Set(stats.filter(({ problem }) => problem?.code === 'nobody-there').map(({ fact }) => fact))
  const found = new Map<Lint['rule'], Lint[]>()
  const say = (rule: Lint['rule'], subject: string, message: string): void => {
    const list = found.get(rule) ?? []
    found.set(rule, list)
    if (list.length < mostOfRule) list.push({ rule, subject, message })
  }
  const heard = new Set<string>()
  const read = new Map<string, Set<string>>()
  let hints = 32
  const suggest: typeof nearestNames = (name, existing) => (hints-- > 0 ? nearestNames(name, existing) : [])
  // Thousands of listeners read the same few paths.
  const looked = new Map<string, string | undefined>()
  const lookAt = (record: string, path: readonly string[]): string | undefined => {
    const key = JSON.stringify([record, ...path])
    if (looked.has(key)) return looked.get(key)
    for (const place of placesOf(records, record, path)) {
      const paths = read.get(place.record) ?? new Set()
      read.set(place.record, paths.add(JSON.stringify(place.path)))
    }
    const names = records.names.get(record)
    const [tree] = fieldTrees([path]).after
    const reasons =
      names === undefined || tree === undefined ? [] : verifyNames(tree, names, records.names, '', suggest)
    looked.set(key, reasons[0]?.message)
    return reasons[0]?.message
  }
  await inSlices(broker.clock, byQueue(snapshot), ([queue, sets]) => {
    for (const subscription of sets.flatMap(({ subscriptions }) => subscriptions)) {
      const record = recordOfEvent(subscription.event)
      heard.add(record)
      const owners = records.announced.get(record) ?? []
      if (owners.every(({ fact }) => dead.has(fact))) {
        const why = owners.length === 0 ? 'no source on the board owns' : 'no source that is alive owns'
        say('source-gone', queue, `listens to ${subscription.event}, yet ${why} "${record}"`)
      }
      for (const { root, path } of readsOf(subscription)) {
        const sentence = root === 'record' ? lookAt(record, path) : undefined
        if (sentence !== undefined) say('unknown-attribute', queue, `${subscription.event}: ${sentence}`)
      }
    }
  })
  lintRecords(records, heard, read, say)
  return [...found.values()].flat()
}

function lintRecords(
  records: Records,
  heard: ReadonlySet<string>,
  read: ReadonlyMap<string, ReadonlySet<string>>,
  say: (rule: Lint['rule'], subject: string, message: string) => void,
): void {
  for (const [record, all] of records.announced) {
    const paths = [...(read.get(record) ?? [])].map((path) => JSON.parse(path) as string[])
    if (!heard.has(record) && paths.length === 0)
      say('unheard-record', record, 'nobody listens to it or reads it through a link')
    const schemas = new Map(all.map(({ fact, record: own }) => [JSON.stringify(own.schema ?? null), fact]))
    if (schemas.size > 1) {
      const who = [...schemas.values()].map(({ service, instance }) => `${service} (${instance})`).join(', ')
      say('schema-drift', record, `is announced with ${schemas.size} different schemas, by ${who} and perhaps others`)
    }
    const names = records.names.get(record)
    if (names === undefined || (!heard.has(record) && paths.length === 0)) continue
    for (const { path, of, link } of declaredOf(records, names)) {
      if (of !== undefined || link) continue
      // Read as it is, within something that is read whole, or a part of it is.
      const isRead = paths.some((each) => isWithin(path, each) || isWithin(each, path))
      if (!isRead) say('unread-attribute', `${record}.${path.join('.')}`, 'nobody reads it')
    }
  }
}
