import { type EventType, RecordcastError } from '@recordcast/protocol'
import { isJsonObject } from '@recordcast/protocol/names'
import type { CheckedEmit } from './check-emit.js'
import type { Facts } from './options.js'

/*
Facts are checked against the record's schema, never transformed by it. Two kinds of gaps are no failure: a link that the schema
describes but that is loaded, not given; and what a partial image leaves out, which `before` and a custom event's facts may be.
*/

/** Validates both images. Returns a promise only if the schema itself is asynchronous. @throws RecordcastError invalid-event */
export function checkFacts(type: EventType, checked: CheckedEmit, links: ReadonlySet<string>): void | Promise<void> {
  const { before, after } = checked
  const whole = type.kind === 'created' || type.kind === 'changed'
  const first = after && checkImage(type, '/after', after, links, !whole)
  const second = before && checkImage(type, '/before', before, links, type.kind !== 'deleted')
  if (first instanceof Promise || second instanceof Promise) return Promise.all([first, second]).then(() => undefined)
}

function checkImage(
  type: EventType,
  at: string,
  image: Facts,
  links: ReadonlySet<string>,
  partial: boolean,
): void | Promise<void> {
  const result = type.record.schema['~standard'].validate(image)
  if (result instanceof Promise) return result.then((settled) => judge(type, at, image, links, partial, settled.issues))
  judge(type, at, image, links, partial, result.issues)
}

type Issues = readonly { readonly message: string; readonly path?: readonly unknown[] | undefined }[] | undefined

function judge(
  type: EventType,
  at: string,
  image: Facts,
  links: ReadonlySet<string>,
  partial: boolean,
  issues: Issues,
): void {
  if (issues === undefined) return
  const reasons = []
  for (const issue of issues) {
    const path = (issue.path ?? []).map(
      (step) => (isJsonObject(step) && 'key' in step ? step.key : step) as PropertyKey,
    )
    const found = path.reduce<unknown>((value, step) => (value as Facts | null | undefined)?.[step as string], image)
    if (found === undefined && path.length > 0 && (partial || links.has(String(path[0])))) continue
    const where = at + path.map((step) => `/${String(step)}`).join('')
    reasons.push({ code: 'invalid-event' as const, message: issue.message, path: where, found })
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
