import { isObject, type Json } from '../json.js'
import type { EventType, RecordType } from '../sdk.js'
import { describes, imageOf } from './image.js'

/** What the forge will emit. */
export interface RecordEvent {
  readonly type: EventType
  readonly id: string
  readonly before?: Json
  readonly after?: Json
}

/** What an action says of how the record was before; undefined where it says nothing. */
export type Past = Readonly<Record<string, (payload: Json, after: Json) => Json | undefined>>

export interface How {
  /** The record's id where it is not `own.id`. */
  readonly id?: string
  /** Attributes that stand elsewhere in the payload. */
  readonly more?: Json
  /** Where the payload has no action, or has it under another name. */
  readonly action?: string
  /** Actions that make such a record, or end it. */
  readonly born?: readonly string[]
  readonly gone?: readonly string[]
  readonly past?: Past
}

/*
A webhook tells the record as it is after the action, and sometimes how it was before. From that comes the kind of event:
born → created; gone → deleted; known how it was → changed; otherwise it is an event of the action's own name, which claims nothing
about the time before.
*/
export function told(record: RecordType, payload: Json, own: Json, how: How = {}): RecordEvent {
  const { id = String(own.id), more, born = ['created', 'opened'], gone = ['deleted'], past } = how
  const action = how.action ?? String(payload.action)
  const image = imageOf(record, payload, own, more)
  if (born.includes(action)) return { type: record.created, id, after: image }
  if (gone.includes(action)) return { type: record.deleted, id, before: image }
  const old = past?.[action]?.(payload, image) ?? oldValues(record, payload)
  if (old !== undefined) return { type: record.changed, id, before: { ...image, ...old }, after: image }
  return { type: record.event(action), id, after: image }
}

/** `changes: { title: { from: 'old' } }`. An empty `changes` tells that nothing has changed; one of other things tells nothing. */
function oldValues(record: RecordType, { changes }: Json): Json | undefined {
  if (!isObject(changes)) return undefined
  const old = Object.entries(changes).flatMap(([name, change]) =>
    isObject(change) && 'from' in change && describes(record, name) ? [[name, change.from]] : [],
  )
  return old.length > 0 || Object.keys(changes).length === 0 ? Object.fromEntries(old) : undefined
}
