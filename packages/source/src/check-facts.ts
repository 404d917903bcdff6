import { type EventType, RecordcastError } from '@recordcast/protocol'
import { maskRecord } from '@recordcast/protocol/masking'
import { isJsonObject } from '@recordcast/protocol/names'
import type { CheckedEmit } from './check-emit.js'
import type { Facts } from './options.js'
import type { OwnedRecord } from './owned.js'

/*
Facts are checked against the record's schema, never transformed by it. Two kinds of gaps are no failure: a link that the schema
describes but that is loaded, not given; and what a partial image leaves out, which `before` and a custom event's facts may be.
*/

type Checking = Pick<OwnedRecord, 'linkNames' | 'sensitive'>

/** Validates both images. Returns a promise only if the schema itself is asynchronous. @throws RecordcastError invalid-event */
export function checkFacts(type: EventType, checked: CheckedEmit, record: Checking): void | Promise<void> {
  const { before, after } = checked
  const whole = type.kind === 'created' || type.kind === 'changed'
  const first = after && checkImage(type, '/after', after, record, !whole)
  const second = before && checkImage(type, '/before', before, record, type.kind !== 'deleted')
  if (first instanceof Promise || second instanceof Promise) return Promise.all([first, second]).then(() => undefined)
}

function checkImage(
  type: EventType,
  at: string,
  image: Facts,
  record: Checking,
  partial: boolean,
): void | Promise<void> {
  const result = type.record.schema['~standard'].validate(image)
  if (result instanceof Promise)
    return result.then((settled) => judge(type, at, image, record, partial, settled.issues))
  judge(type, at, image, record, partial, result.issues)
}

type Issues = readonly { readonly message: string; readonly path?: readonly unknown[] | undefined }[] | undefined

function judge(type: EventType, at: string, image: Facts, record: Checking, partial: boolean, issues: Issues): void {
  if (issues === undefined) return
  const reasons = []
  for (const issue of issues) {
    const path = (issue.path ?? []).map(
      (step) => (isJsonObject(step) && 'key' in step ? step.key : step) as PropertyKey,
    )
    const found = path.reduce<unknown>((value, step) => (value as Facts | null | undefined)?.[step as string], image)
    if (found === undefined && path.length > 0 && (partial || record.linkNames.has(String(path[0])))) continue
    const where = at + path.map((step) => `/${String(step)}`).join('')
    reasons.push({
      code: 'invalid-event' as const,
      message: issue.message,
      path: where,
      found: shown(found, path, record),
    })
  }
  const [reason] = reasons
  if (reason === undefined) return
  throw new RecordcastError(
    'invalid-event',
    `${type.name}: ${reason.path} does not fit the record's schema: ${reason.message}`,
    {
      path: reason.path,
      found: reason.found,
      expected: reason.message,
      reasons: reasons.map(({ found, ...rest }) => ({ ...rest, found: typeof found })),
    },
  )
}

/** What stood there, as an error may say it: errors end up in logs, where nothing sensitive may stand. */
function shown(found: unknown, path: readonly PropertyKey[], { sensitive }: Checking): unknown {
  let at = sensitive
  for (const step of path) if (typeof step !== 'number') at = at?.below(String(step))
  return maskRecord(found, at)
}
