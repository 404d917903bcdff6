import { splitEventType } from '@recordcast/protocol'
import type { SourceFact } from '@recordcast/protocol/control'
import { RecordcastError } from '@recordcast/protocol/errors'
import { nearestNames } from '@recordcast/protocol/names'
import { announcedNames, type RecordNames } from '@recordcast/protocol/schema'
import type { Context } from '../parts/context.js'

type Snapshot = ReturnType<Context['registry']['snapshot']>
export type AnnouncedRecord = SourceFact['records'][number]

/** The record types that stand on the board of sources. */
export interface Records {
  readonly names: ReadonlyMap<string, RecordNames>
  /** Every announcement of each, by name; the latest last, which `names` has. */
  readonly announced: ReadonlyMap<string, readonly { readonly fact: SourceFact; readonly record: AnnouncedRecord }[]>
}

const known = new WeakMap<Snapshot['sources'], Records>()

/** Made once for a state of the board. */
export function recordsOf({ sources }: Snapshot): Records {
  const made = known.get(sources) ?? collect(sources)
  known.set(sources, made)
  return made
}

function collect(sources: Snapshot['sources']): Records {
  const announced = new Map<string, { fact: SourceFact; record: AnnouncedRecord }[]>()
  const bySince = [...sources.values()].sort((a, b) => (a.since < b.since ? -1 : 1))
  for (const fact of bySince) {
    for (const record of fact.records)
      announced.set(record.name, [...(announced.get(record.name) ?? []), { fact, record }])
  }
  const latest = [...announced.values()].flatMap((all) => all.at(-1)?.record ?? [])
  return { names: announcedNames(latest), announced }
}

/** Services that own a record type, each once. */
export function ownersOf(records: Records, record: string): string[] {
  return [...new Set((records.announced.get(record) ?? []).map(({ fact }) => fact.service))].sort()
}

/** The record type of an event type; '' for none. */
export function recordOfEvent(event: string): string {
  return splitEventType(event)?.record ?? ''
}

/** @throws RecordcastError unknown-record-type, naming the nearest that are announced */
export function unknownRecord(records: Records, record: string): RecordcastError {
  return new RecordcastError('unknown-record-type', `No source on the board owns the record type "${record}"`, {
    ...{ path: '/record', found: record, expected: 'a record type that a source announced' },
    nearest: [...nearestNames(record, records.names.keys())],
  })
}
