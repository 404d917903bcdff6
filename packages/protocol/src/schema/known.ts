import { isJsonObject } from '../names/json.js'

/** What a JSON Schema says of the names under it. */
export interface Known {
  readonly open: boolean
  /** What the schema says of properties that it does not name. */
  readonly rest?: unknown
  readonly properties: ReadonlyMap<string, unknown>
}

const everything: Known = { open: true, properties: new Map() }
const deepest = 32

/** Sub-schemas looked at for one name at most: definitions that refer to each other could multiply for ever. What is left out is open. */
const mostLooks = 1000

interface Budget {
  left: number
}

/** A sub-schema that still finds the definitions of the document that it stands in. */
export function rooted(schema: unknown, root: unknown): unknown {
  if (!isJsonObject(schema) || !isJsonObject(root)) return schema
  const { $defs, definitions } = root
  if ($defs === undefined && definitions === undefined) return schema
  return { ...($defs !== undefined && { $defs }), ...(definitions !== undefined && { definitions }), ...schema }
}

/** What is known of a whole schema, for as long as it lives: announcements ask the same few again and again. */
const remembered = new WeakMap<object, Known>()

export function propertiesOf(schema: unknown, root: unknown): Known {
  if (!isJsonObject(schema)) return everything
  if (schema !== root) return look(schema, root, 0, { left: mostLooks })
  const known = remembered.get(schema) ?? look(schema, root, 0, { left: mostLooks })
  remembered.set(schema, known)
  return known
}

function look(schema: unknown, root: unknown, depth: number, budget: Budget): Known {
  if (!isJsonObject(schema) || depth > deepest || budget.left-- <= 0) return everything
  const further = (part: unknown): Known => look(part, root, depth + 1, budget)
  if (typeof schema.$ref === 'string') return further(resolve(schema.$ref, root))
  if (schema.items !== undefined && !isJsonObject(schema.properties)) return further(schema.items)
  const parts: Known[] = []
  for (const union of [schema.anyOf, schema.oneOf, schema.allOf]) {
    if (Array.isArray(union)) parts.push(...union.map(further))
  }
  const { type, properties, additionalProperties: more, patternProperties } = schema
  if (isJsonObject(properties)) {
    const open = (more !== undefined && more !== false) || patternProperties !== undefined
    parts.push({ open, properties: new Map(Object.entries(properties)), ...(isJsonObject(more) && { rest: more }) })
  } else if (type === 'object' || (Array.isArray(type) && type.includes('object'))) {
    parts.push(
      more === false
        ? { open: false, properties: new Map() }
        : { ...everything, ...(isJsonObject(more) && { rest: more }) },
    )
  } else if (type !== undefined || 'const' in schema || 'enum' in schema) {
    parts.push({ open: false, properties: new Map() })
  }
  if (parts.length === 0) return everything
  const merged = new Map<string, unknown>()
  for (const part of parts)
    for (const [name, property] of part.properties) if (!merged.has(name)) merged.set(name, property)
  const open = parts.filter((part) => part.open)
  // Two open parts might each mean something else by the rest; then nothing is known of it.
  return { open: open.length > 0, properties: merged, ...(open.length === 1 && { rest: open[0]!.rest }) }
}

export function resolve(ref: string, root: unknown): unknown {
  if (!ref.startsWith('#')) return undefined
  let at = root
  for (const step of ref.slice(1).split('/').slice(1)) {
    const name = step.replaceAll('~1', '/').replaceAll('~0', '~')
    at = isJsonObject(at) && Object.hasOwn(at, name) ? at[name] : undefined
  }
  return at
}
