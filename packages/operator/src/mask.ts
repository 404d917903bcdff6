import { isSensitiveField, mask, maskData, type Sensitivity, sensitivityOfRecord } from '@recordcast/protocol/masking'
import type { WireEvent } from '@recordcast/protocol/wire'
import { recordOfEvent, recordsOf } from './board/records.js'
import type { Context } from './parts/context.js'
import type { Shape } from './shapes/index.js'

/** What is known to be sensitive of a record; 'unknown': no source that stands on the board owns it, so all of it may be. */
export type Known = Sensitivity | undefined | 'unknown'

const trees = new WeakMap<object, Map<string, Sensitivity | undefined>>()

/** Every announcement of a record type counts: what one instance calls sensitive is. */
export function sensitivityIn({ registry }: Pick<Context, 'registry'>, record: string): Known {
  const snapshot = registry.snapshot()
  if (!recordsOf(snapshot).announced.has(record)) return 'unknown'
  const known = trees.get(snapshot.sources) ?? new Map<string, Sensitivity | undefined>()
  trees.set(snapshot.sources, known)
  if (!known.has(record)) {
    known.set(
      record,
      sensitivityOfRecord(
        record,
        [...snapshot.sources.values()].flatMap(({ records }) => records),
      ),
    )
  }
  return known.get(record)
}

/** An event's data as operators may see it, and how much of it was hidden. */
export function maskEvent(
  context: Context,
  { type, data }: WireEvent,
): Pick<Shape<'parkedMessage'>, 'data' | 'masked'> {
  const sensitive = sensitivityIn(context, recordOfEvent(type))
  if (sensitive === 'unknown') {
    return { data: Object.fromEntries(Object.keys(data).map((path) => [path, mask])), masked: 'all' }
  }
  const shown = maskData(data, sensitive)
  return { data: shown, masked: JSON.stringify(shown) === JSON.stringify(data) ? 'no' : 'some' }
}

type Answer = NonNullable<Shape<'explain'>['answers'][number]['answer']>

/** What a filter's leaves found, hidden where it is sensitive. */
export function maskAnswer(answer: Answer, sensitive: Known): Answer {
  const { filter } = answer
  if (filter === undefined) return answer
  const hides = (path: readonly string[]): boolean =>
    sensitive === 'unknown' ? path[0] !== '$event' && path[0] !== '$changed' : isSensitiveField(path, sensitive)
  const leaves = filter.leaves.map((leaf) => (hides(leaf.path) ? { ...leaf, found: leaf.found.map(() => mask) } : leaf))
  return { ...answer, filter: { ...filter, leaves } }
}
