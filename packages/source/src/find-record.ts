import { type EventType, RecordcastError } from '@recordcast/protocol'
import type { OwnedRecord, OwnedRecords } from './owned.js'

/** The owned record that an event is of. @throws RecordcastError unknown-record-type, unknown-event-type */
export function findRecord(type: EventType, owned: OwnedRecords, service: string): OwnedRecord {
  const record = owned.get(type?.record?.name)
  if (record === undefined) {
    const expected = `an event of ${owned.names.join(', ')}`
    throw new RecordcastError(
      'unknown-record-type',
      `Source "${service}" does not own the record of ${String(type?.name)}`,
      {
        found: type?.name,
        expected,
      },
    )
  }
  const { events } = record.options
  const usual = type.kind === 'created' || type.kind === 'changed' || type.kind === 'deleted'
  if (usual || events === undefined || events.includes(type.kind)) return record
  throw new RecordcastError(
    'unknown-event-type',
    `Record type "${record.name}" was not declared with event "${type.kind}"`,
    {
      found: type.name,
      expected: `one of ${events.join(', ')}, created, changed, deleted`,
    },
  )
}
