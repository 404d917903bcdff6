import type { Problem } from '@recordcast/protocol/errors'
import { isJsonObject, type JsonObject, nearestNames } from '@recordcast/protocol/names'
import type { NameTree } from './follow.js'
import type { OwnedRecord, OwnedRecords } from './owned.js'

/*
Whether the names that a path walks exist: links first, then the properties of the record's JSON Schema. What the schema cannot tell (no schema,
an empty one, open additional properties) is open: every name is taken.
*/

/**
 * Reasons against a name tree, one for each unknown name; none when all exist. `path` begins each place. `suggest` finds
 * the nearest names; a caller that judges what came from the network bounds how often it does.
 */
export function verifyNames(
  tree: NameTree,
  record: OwnedRecord,
  owned: OwnedRecords,
  path: string,
  suggest = nearestNames,
): Problem[] {
  const walk = (at: NameTree, schema: unknown, of: OwnedRecord | undefined, prefix: string): Problem[] => {
    const known = propertiesOf(schema, schema, 0)
    return [...at.names].flatMap(([name, branch]) => {
      const link = of?.links.get(name)
      const target = link?.target === undefined ? undefined : owned.get(link.target)
      if (target !== undefined) return walk(branch, target.schema, target, `${prefix}${name}.`)
      if (link !== undefined || known.open || known.properties.has(name)) {
        if (branch.names.size === 0) return []
        return walk(branch, rooted(known.properties.get(name) ?? known.rest, schema), undefined, `${prefix}${name}.`)
      }
      const nearest = suggest(name, existingNames(known, of)).map((each) => prefix + each)
      const where = path === 'filter' ? ', which the filter reads' : ''
      const hint = nearest.length > 0 ? `; nearest: ${nearest.join(', ')}` : ''
      const message = `There is no attribute "${prefix}${name}"${where}${hint}`
      return [{ code: 'unknown-attribute' as const, message, path, found: prefix + name, nearest }]
    })
  }
  return walk(tree, record.schema, record, '')
}

/** Only looked through if somebody wants suggestions. */
function* existingNames(known: Known, record: OwnedRecord | undefined): Iterable<string> {
  yield* known.properties.keys()
  if (record !== undefined) yield* record.links.keys()
}

interface Known {
  readonly open: boolean
  /** What the schema says of properties that it does not name. */
  readonly rest?: unknown
  readonly properties: ReadonlyMap<string, unknown>
}

const everything: Known = { open: true, properties: new Map() }
const deepest = 32

/** A sub-schema that still finds the definitions of the document that it stands in. */
function rooted(schema: unknown, root: unknown): unknown {
  if (!isJsonObject(schema) || !isJsonObject(root)) return schema
  const { $defs, definitions } = root
  if ($defs === undefined && definitions === undefined) return schema
  return { ...($defs !== undefined && { $defs }), ...(definitions !== undefined && { definitions }), ...schema }
}

/** What is known of a whole schema, for as long as it lives: announcements ask the same few again and again. */
const remembered = new WeakMap<object, Known>()

function propertiesOf(schema: unknown, root: unknown, depth: number): Known {
  if (!isJsonObject(schema) || depth > deepest) return everything
  if (schema !== root) return look(schema, root, depth)
  const known = remembered.get(schema) ?? look(schema, root, depth)
  remembered.set(schema, known)
  return known
}

function look(schema: JsonObject, root: unknown, depth: number): Known {
  if (typeof schema.$ref === 'string') return propertiesOf(resolve(schema.$ref, root), root, depth + 1)
  if (schema.items !== undefined && !isJsonObject(schema.properties)) return propertiesOf(schema.items, root, depth + 1)
  const parts: Known[] = []
  for (const union of [schema.anyOf, schema.oneOf, schema.allOf]) {
    if (Array.isArray(union)) parts.push(...union.map((part) => propertiesOf(part, root, depth + 1)))
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

function resolve(ref: string, root: unknown): unknown {
  if (!ref.startsWith('#')) return undefined
  let at = root
  for (const step of ref.slice(1).split('/').slice(1)) {
    const name = step.replaceAll('~1', '/').replaceAll('~0', '~')
    at = isJsonObject(at) && Object.hasOwn(at, name) ? at[name] : undefined
  }
  return at
}
