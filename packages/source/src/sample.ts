import { RecordcastError, splitEventType } from '@recordcast/protocol'
import type { ControlRequest } from '@recordcast/protocol/requests'
import type { Knowledge } from './answer.js'
import { checkEmit } from './check-emit.js'
import { capture, type Emitted } from './emitted.js'

type Sample = NonNullable<Extract<ControlRequest, { kind: 'explain' }>['sample']>

/** An event as it would be had it been emitted with these images, which need not fit the schema. @throws RecordcastError unknown-record-type, invalid-event */
export function sampleOf(
  { type, subject, tenant, before, after }: Sample,
  { owned, service, clock }: Knowledge,
): Emitted {
  const split = splitEventType(type)
  const record = split && owned.get(split.record)
  if (split === undefined || record === undefined) {
    throw new RecordcastError('unknown-record-type', `This source does not own the record of ${type}`, { found: type })
  }
  const eventType = { name: type, kind: split.kind, record: record.options.type }
  const options = tenant === undefined ? {} : { tenant }
  const checked = checkEmit(eventType, { id: subject, before, after }, options, 'optional')
  return capture(eventType, record, checked, options, { id: 'sample', now: clock.now(), source: service })
}
