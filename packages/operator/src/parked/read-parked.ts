import { decodeEvent, type WireEvent } from '@recordcast/protocol/wire'
import type { ParkedMessage } from '@recordcast/transport'
import { type Told, tell } from '../parts/ask-many.js'
import type { Shape } from '../shapes/index.js'

/** A parked message and the event in it, where its body can be read. */
export interface ReadParked {
  readonly parked: ParkedMessage
  readonly event: Told<WireEvent>
}

export async function readParked(parked: ParkedMessage): Promise<ReadParked> {
  return { parked, event: await tell(async () => decodeEvent(parked.message.body)) }
}

/** The error code under which it was parked. Who parked it may have been no listener of ours: then the first word of why. */
export function codeOf({ message: { headers }, why }: ParkedMessage): string {
  const told = own(headers, 'error-code') ?? /^[a-z][a-z0-9-]*(?=:)/.exec(why)?.[0]
  return told === undefined || told === '' ? 'unknown' : told.slice(0, 64)
}

export function rowOf({ parked, event }: ReadParked): Shape<'parkedRow'> {
  const { message, why, attempt, parkedAt } = parked
  const { headers } = message
  const attempts = Number(own(headers, 'attempts'))
  const first = own(headers, 'first-failed-at')
  return {
    id: message.id,
    code: codeOf(parked),
    message: own(headers, 'error-message') ?? why,
    attempts: Number.isSafeInteger(attempts) && attempts > 0 ? attempts : attempt,
    parkedAt,
    ...(first !== undefined && { firstFailedAt: first }),
    bytes: message.body.byteLength,
    ...(event.value && { event: identityOf(event.value) }),
  }
}

function identityOf({ id, type, subject, time, source, tenant }: WireEvent): NonNullable<Shape<'parkedRow'>['event']> {
  return { id, type, subject, time, source, ...(tenant !== undefined && { tenant }) }
}

export function own(headers: Readonly<Record<string, string>>, name: string): string | undefined {
  return Object.hasOwn(headers, name) ? headers[name] : undefined
}
