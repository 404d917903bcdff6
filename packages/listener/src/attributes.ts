import { RecordcastError } from '@recordcast/protocol'
import { type Selection, Unavailable } from '@recordcast/protocol/language'
import type { MissingAttribute, WireEvent } from '@recordcast/protocol/wire'

/** Attribute values that a source loaded again, and those that it could not. */
export interface Completion {
  readonly values: Readonly<Record<string, unknown>>
  readonly failed: readonly MissingAttribute[]
}

export interface Cut {
  /** The handler's names; null where something is missing. */
  readonly data: Record<string, unknown>
  readonly missing: readonly MissingAttribute[]
  /** Every atom that the names with something missing may need and that is not there. */
  readonly lacking: readonly string[]
}

/** Of a subscription, what is needed to cut an event for it. */
interface CutFor {
  readonly selection: Selection
  /** Whether an attribute may read `$event`; absent: it may. */
  readonly readsEvent?: boolean
}

/** Cuts an event to a handler's own names, with what was completed standing in for what the event lacks. */
export function cut(subscribed: CutFor, event: WireEvent, attempt: number, completion?: Completion): Cut {
  const { selection } = subscribed
  const whole = event.missing === undefined ? cutWhole(subscribed, event, attempt) : undefined
  if (whole !== undefined) return whole
  const reasons = new Map<string, MissingAttribute>()
  for (const reason of [...(event.missing ?? []), ...(completion?.failed ?? [])]) reasons.set(reason.path, reason)
  const spoilt = new Set(event.missing?.map(({ path }) => path))
  const has = (atom: string): boolean =>
    (completion !== undefined && Object.hasOwn(completion.values, atom)) ||
    (Object.hasOwn(event.data, atom) && !spoilt.has(atom))
  const asked = new Map<string, MissingAttribute>()
  const get = (atom: string): unknown => {
    if (completion !== undefined && Object.hasOwn(completion.values, atom)) return completion.values[atom]
    if (has(atom)) return event.data[atom]
    const reason = reasons.get(atom) ?? notSent(atom)
    asked.set(atom, reason)
    return new Unavailable(reason.code, reason.message)
  }
  const data = selection.cut(get, eventFields(event, attempt))
  const without = selection.names.filter((name) => data[name] instanceof Unavailable)
  for (const name of without) data[name] = null
  const lacking = new Set(without.flatMap((name) => selection.needs(name)).filter((atom) => !has(atom)))
  return { data, missing: [...asked.values()], lacking: [...lacking].sort() }
}

const none: readonly never[] = Object.freeze([])

/** The usual case, an event with all that its handler asked for; undefined for any other. */
function cutWhole({ selection, readsEvent }: CutFor, event: WireEvent, attempt: number): Cut | undefined {
  const { data: sent } = event
  let lacks = false
  const get = (atom: string): unknown => {
    if (Object.hasOwn(sent, atom)) return sent[atom]
    lacks = true
    return null
  }
  const data = selection.cut(get, readsEvent === false ? undefined : eventFields(event, attempt))
  return lacks ? undefined : { data, missing: none, lacking: none }
}

/** What `missing: 'retry'` makes of attributes that are still missing. */
export function attributeMissing(missing: readonly MissingAttribute[]): RecordcastError {
  const list = missing.map(({ path, message }) => `${path} (${message})`).join(', ')
  return new RecordcastError('attribute-missing', `The event lacks ${list}`, {
    path: missing[0]?.path ?? '',
    expected: 'every attribute that the handler asked for',
    reasons: missing.map(({ path, message }) => ({ code: 'attribute-missing', message, path })),
  })
}

function notSent(path: string): MissingAttribute {
  return { path, code: 'attribute-missing', message: 'not sent with the event' }
}

/** What `$event` reads on the listener's side. */
function eventFields({ id, time, type, source, tenant, subject, user }: WireEvent, attempt: number): object {
  const fields: Record<string, unknown> = { id, time, type, source, record: subject, attempt }
  if (tenant !== undefined) fields.tenant = tenant
  if (user !== undefined) fields.user = user
  return fields
}
