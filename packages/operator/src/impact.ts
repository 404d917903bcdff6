import type { ListenerFact, Subscription } from '@recordcast/protocol/control'
import { RecordcastError } from '@recordcast/protocol/errors'
import { sensitiveNames } from '@recordcast/protocol/masking'
import { fieldTrees, verifyNames } from '@recordcast/protocol/schema'
import { byQueue } from './board/by-queue.js'
import { placesOf } from './board/places.js'
import { type Read, readsOf } from './board/reads.js'
import { type Records, recordOfEvent, recordsOf, unknownRecord } from './board/records.js'
import { type Consequence, judgeRemoval, judgeSchema } from './judge-change.js'
import type { Context } from './parts/context.js'
import { inSlices } from './parts/in-slices.js'
import { readInput } from './parts/input.js'
import { type Input, type Shape, shapes } from './shapes/index.js'

type Report = Shape<'impact'>

/** Judges one read of the record at a path within it; undefined: nothing comes of the change. */
type Judge = (path: readonly string[], read: Read) => Consequence | undefined

/**
 * Which listeners a change of a record type breaks, also those that come to the record through links of others.
 *
 * @throws RecordcastError unknown-record-type; unknown-attribute for a path to be removed that is not there; invalid-request
 */
export async function tellImpact(
  { registry, broker: { clock } }: Context,
  record: string,
  change: Input<'impactInput'>,
): Promise<Report> {
  const wanted = readInput(shapes.impactInput, change)
  const snapshot = registry.snapshot()
  const records = recordsOf(snapshot)
  const names = records.names.get(record)
  if (names === undefined) throw unknownRecord(records, record)
  const judge: Judge =
    'remove' in wanted
      ? judgeRemoval(wanted.remove.map((path) => existing(records, record, path)))
      : judgeSchema(records, names, { schema: wanted.schema, links: names.links })

  const report: Report = { record, breaks: [], changes: [], listeners: 0, broken: [] }
  await inSlices(clock, byQueue(snapshot), ([queue, sets]) => {
    let reads = false
    for (const fact of sets) {
      for (const subscription of fact.subscriptions) {
        for (const { read, path } of readsWithin(records, subscription, record)) {
          reads = true
          const consequence = judge(path, read)
          if (consequence === undefined) continue
          const { breaks, ...told } = consequence
          report[breaks ? 'breaks' : 'changes'].push({ ...whose(fact, subscription, read), ...told })
          if (breaks && report.broken.at(-1) !== queue) report.broken.push(queue)
        }
      }
    }
    if (reads) report.listeners++
  })
  return report
}

/** What a subscription reads of a record type, itself or through links. */
function readsWithin(records: Records, subscription: Subscription, record: string) {
  return readsOf(subscription).flatMap((read) => {
    if (read.root !== 'record') return []
    const places = placesOf(records, recordOfEvent(subscription.event), read.path)
    return places.flatMap((place) => (place.record === record ? [{ read, path: place.path }] : []))
  })
}

function whose({ queue, listener, service, set }: ListenerFact, { event }: Subscription, { as, expression }: Read) {
  return { queue, listener, service, event, set, as, expression }
}

/** The names of a path that the record has. */
function existing(records: Records, record: string, text: string): readonly string[] {
  const path = sensitiveNames(text)
  const [tree] = fieldTrees([path]).after
  const names = records.names.get(record)
  const [problem] = tree === undefined || names === undefined ? [] : verifyNames(tree, names, records.names, text)
  if (problem === undefined) return path
  const { message, found, nearest } = problem
  throw new RecordcastError('unknown-attribute', message, {
    ...{ path: '/remove', found, expected: `an attribute of "${record}"` },
    ...(nearest && { nearest: [...nearest] }),
  })
}
