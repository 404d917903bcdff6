import { isJsonObject, type JsonObject } from '@recordcast/protocol/names'

const deepest = 64

/**
 * A JSON Schema as it stands inside a larger document: references into itself are led to where it stands, those to anywhere else are taken out (nobody who reads the
 * document shall have to fetch what a source wrote), and so are names for itself.
 *
 * @param at JSON pointer of its place, such as `#/components/schemas/issue`
 */
export function schemaAt(schema: JsonObject, at: string): JsonObject {
  const place = (value: unknown, depth: number): unknown => {
    if (depth > deepest) return {}
    if (Array.isArray(value)) return value.map((each) => place(each, depth + 1))
    if (!isJsonObject(value)) return value
    if (typeof value.$ref === 'string') {
      const { $ref } = value
      return $ref.startsWith('#') ? { $ref: `${at}${$ref.slice(1)}` } : { description: `The source refers to ${$ref}` }
    }
    const entries = Object.entries(value).filter(
      ([name]) => !/^\$(schema|id|anchor|dynamicAnchor|dynamicRef|vocabulary)$/.test(name),
    )
    return Object.fromEntries(entries.map(([name, each]) => [name, place(each, depth + 1)]))
  }
  return place(schema, 0) as JsonObject
}
