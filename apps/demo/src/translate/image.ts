import { isObject, type Json, object } from '../json.js'
import { linkNames } from '../records/linked.js'
import type { RecordType } from '../sdk.js'

const propertiesOf = ({ jsonSchema }: RecordType): Json => object(jsonSchema?.properties, 'schema')

/** Whether a record of this type has such an attribute. */
export const describes = (record: RecordType, name: string): boolean => Object.hasOwn(propertiesOf(record), name)

/**
 * A record's facts out of a webhook: the attributes that its schema names, and the keys of what it links to instead of the repository,
 * organisation, author and sender, which GitHub repeats whole in every body.
 */
export function imageOf(record: RecordType, payload: Json, own: Json, more: Json = {}): Json {
  const facts: Json = {
    ...own,
    repositoryId: idOf(payload.repository),
    organizationId: idOf(payload.organization),
    senderId: idOf(payload.sender),
    authorId: idOf(own.user) ?? idOf(own.author),
    ...more,
  }
  const names = Object.keys(propertiesOf(record)).filter((name) => facts[name] !== undefined && !linkNames.has(name))
  return Object.fromEntries(names.map((name) => [name, facts[name]]))
}

const idOf = (value: unknown): unknown => (isObject(value) ? value.id : undefined)
