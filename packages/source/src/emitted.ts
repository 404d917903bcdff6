import type { EventType } from '@recordcast/protocol'
import type { JsonObject } from '@recordcast/protocol/names'
import type { Audience } from '@recordcast/protocol/wire'
import type { CheckedEmit } from './check-emit.js'
import type { EmitOptions } from './options.js'
import type { OwnedRecord } from './owned.js'
import { toPlain } from './plain.js'
import { sameValue } from './same.js'

/**
 * An event as it was emitted: checked, copied, with its id and time. A class, for a source remembers the latest thousand: objects of a literal that
 * outlive a collection are made in the old space before long, and there they keep what they hold long after they are forgotten themselves.
 */
export class Emitted {
  readonly id: string
  readonly source: string
  readonly record: OwnedRecord
  readonly subject: string
  /** ISO 8601 UTC. */
  readonly time: string
  readonly tenant: string | undefined
  readonly before: JsonObject | undefined
  readonly after: JsonObject | undefined
  /** Names that differ between both images; both are taken as whole. Empty unless there are both. */
  readonly changed: readonly string[]
  readonly #type: EventType
  readonly #told: Told

  constructor(
    type: EventType,
    record: OwnedRecord,
    { subject }: CheckedEmit,
    { before, after }: Images,
    options: EmitOptions,
    { id, now, source }: Made,
  ) {
    this.id = id
    this.source = source
    this.record = record
    this.subject = subject
    this.time = isoTime(now)
    this.tenant = options.tenant
    this.before = before
    this.after = after
    this.changed = before && after ? changedNames(before, after) : unchanged
    this.#type = type
    this.#told = toldBy(options)
  }

  get type(): string {
    return this.#type.name
  }
  get kind(): string {
    return this.#type.kind
  }
  get user(): string | undefined {
    return this.#told.user
  }
  get audience(): Audience | undefined {
    return this.#told.audience
  }
  get traceparent(): string | undefined {
    return this.#told.traceparent
  }
  /** What a bare path reads: the state after, or the last one of a deleted record. */
  get root(): JsonObject {
    return this.after ?? this.before ?? nothing
  }
}

type Images = Pick<Emitted, 'before' | 'after'>
type Told = Pick<EmitOptions, 'user' | 'audience' | 'traceparent'>

interface Made {
  readonly id: string
  /** Milliseconds. */
  readonly now: number
  readonly source: string
}

/** @throws RecordcastError invalid-event for what is no JSON data */
export function copyImages({ before, after }: CheckedEmit): Images {
  return {
    before: before && (toPlain(before, '/before') as JsonObject),
    after: after && (toPlain(after, '/after') as JsonObject),
  }
}

/** Copies the images of a checked emit. @throws RecordcastError invalid-event for what is no JSON data */
export function capture(
  type: EventType,
  record: OwnedRecord,
  checked: CheckedEmit,
  options: EmitOptions,
  made: Made,
): Emitted {
  return new Emitted(type, record, checked, copyImages(checked), options, made)
}

const nothing: JsonObject = Object.freeze({})
const nothingTold: Told = Object.freeze({ user: undefined, audience: undefined, traceparent: undefined })

function toldBy({ user, audience, traceparent }: EmitOptions): Told {
  if (user === undefined && audience === undefined && traceparent === undefined) return nothingTold
  return { user, audience, traceparent }
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
