import type { EventType } from '@recordcast/protocol'
import type { JsonObject } from '@recordcast/protocol/names'
import type { Audience } from '@recordcast/protocol/wire'
import type { CheckedEmit } from './check-emit.js'
import type { EmitOptions } from './options.js'
import type { OwnedRecord } from './owned.js'
import { toPlain } from './plain.js'
import { sameValue } from './same.js'

/** An event as it was emitted: checked, copied, with its id and time. */
export interface Emitted {
  readonly id: string
  readonly type: string
  readonly kind: string
  readonly source: string
  readonly record: OwnedRecord
  readonly subject: string
  /** ISO 8601 UTC. */
  readonly time: string
  readonly tenant: string | undefined
  readonly user: string | undefined
  readonly audience: Audience | undefined
  readonly traceparent: string | undefined
  readonly before: JsonObject | undefined
  readonly after: JsonObject | undefined
  /** What a bare path reads: the state after, or the last one of a deleted record. */
  readonly root: JsonObject
  /** Names that differ between both images; both are taken as whole. Empty unless there are both. */
  readonly changed: readonly string[]
}

/** Copies the images of a checked emit. @throws RecordcastError invalid-event for what is no JSON data */
export function capture(
  type: EventType,
  record: OwnedRecord,
  checked: CheckedEmit,
  options: EmitOptions,
  event: { readonly id: string; readonly now: number; readonly source: string },
): Emitted {
  const before = checked.before && (toPlain(checked.before, '/before') as JsonObject)
  const after = checked.after && (toPlain(checked.after, '/after') as JsonObject)
  return {
    id: event.id,
    type: type.name,
    kind: type.kind,
    source: event.source,
    record,
    subject: checked.subject,
    time: isoTime(event.now),
    tenant: options.tenant,
    user: options.user,
    audience: options.audience,
    traceparent: options.traceparent,
    before,
    after,
    root: after ?? before ?? {},
    changed: before && after ? changedNames(before, after) : unchanged,
  }
}

const unchanged: readonly string[] = []

let lastNow = Number.NaN
let lastTime = ''

/** Many events are emitted in one millisecond, and its text is dear. */
function isoTime(now: number): string {
  if (now !== lastNow) {
    lastTime = new Date(now).toISOString()
    lastNow = now
  }
  return lastTime
}

function changedNames(before: JsonObject, after: JsonObject): string[] {
  const names = new Set([...Object.keys(before), ...Object.keys(after)])
  return [...names].filter((name) => !sameValue(read(before, name), read(after, name))).sort()
}

const read = (image: JsonObject, name: string): unknown => (Object.hasOwn(image, name) ? image[name] : null)
