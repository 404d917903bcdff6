import { splitEventType } from '@recordcast/protocol'
import { defineRecord, type EventType } from 'recordcast'
import { usage } from './exits.js'

/** Takes whatever comes, and says nothing of attributes: all are open. */
const anything = {
  '~standard': { version: 1, vendor: 'recordcast', validate: (value: unknown) => ({ value: value as object }) },
} as const

/** An event type by its name, of a record type with an open schema. @throws CliError usage */
export function openEventType(name: string): EventType {
  const parts = splitEventType(name)
  if (parts === undefined) {
    const expected = 'record.kind, such as issue.changed or issue.labelled'
    throw usage(`"${name}" is no event type`, expected, { found: name })
  }
  return defineRecord(parts.record, anything).event(parts.kind)
}
