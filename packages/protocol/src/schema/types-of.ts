import { isJsonObject } from '../names/json.js'
import { resolve } from './known.js'

const order = ['string', 'number', 'integer', 'boolean', 'object', 'array', 'null']
const deepest = 32
/** Sub-schemas looked at at most: definitions that refer to each other could multiply for ever. */
const mostLooks = 200

/** The JSON types that a schema allows, in a fixed order; none when it does not say. `root` is where its references lead into. */
export function typesOf(schema: unknown, root: unknown = schema): readonly string[] {
  const found = new Set<string>()
  let left = mostLooks
  const look = (part: unknown, depth: number): void => {
    if (!isJsonObject(part) || depth > deepest || left-- <= 0) return
    if (typeof part.$ref === 'string') look(resolve(part.$ref, root), depth + 1)
    for (const type of Array.isArray(part.type) ? part.type : [part.type]) if (typeof type === 'string') found.add(type)
    if ('const' in part) found.add(typeOf(part.const))
    if (Array.isArray(part.enum)) for (const value of part.enum) found.add(typeOf(value))
    for (const union of [part.anyOf, part.oneOf, part.allOf]) {
      if (Array.isArray(union)) for (const each of union) look(each, depth + 1)
    }
  }
  look(schema, 0)
  return order.filter((type) => found.has(type))
}

function typeOf(value: unknown): string {
  if (value === null) return 'null'
  return Array.isArray(value) ? 'array' : typeof value
}
