import { propertiesOf, type RecordNames, rooted, typesOf } from '@recordcast/protocol/schema'
import type { Records } from './records.js'

/** An attribute that a record's schema or its links tell of. */
export interface Declared {
  readonly path: readonly string[]
  readonly types: readonly string[]
  /** The record type that a link led to. */
  readonly of?: string
  readonly link?: true
}

const most = 2000
const deepest = 8

/** Attributes of a record type by its schema, and those of the records that its own links lead to, one link far. */
export function declaredOf(records: Records, record: RecordNames): readonly Declared[] {
  const found: Declared[] = []
  addProperties(found, record.schema, record.schema, [], undefined)
  for (const [name, { target }] of record.links) {
    found.push({ path: [name], types: ['object'], link: true, ...(target !== undefined && { of: target }) })
    const schema = target === undefined ? undefined : records.names.get(target)?.schema
    addProperties(found, schema, schema, [name], target)
  }
  return found
}

/** Attributes of a schema alone. */
export function declaredIn(schema: RecordNames['schema']): readonly Declared[] {
  const found: Declared[] = []
  addProperties(found, schema, schema, [], undefined)
  return found
}

function addProperties(
  found: Declared[],
  schema: unknown,
  root: unknown,
  prefix: readonly string[],
  of: string | undefined,
): void {
  if (prefix.length > deepest) return
  for (const [name, property] of propertiesOf(schema, root).properties) {
    if (found.length >= most) return
    const path = [...prefix, name]
    const own = rooted(property, schema)
    found.push({ path, types: typesOf(own), ...(of !== undefined && { of }) })
    addProperties(found, own, own, path, of)
  }
}
