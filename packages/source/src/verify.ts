import type { Problem } from '@recordcast/protocol/errors'
import { isJsonObject, nearestNames } from '@recordcast/protocol/names'
import type { NameTree } from './follow.js'
import type { OwnedRecord, OwnedRecords } from './owned.js'

/*
Whether the names that a path walks exist: links first, then the properties of the record's JSON Schema. What the schema cannot tell (no schema,
an empty one, open additional properties) is open: every name is taken.
*/

/** Reasons against a name tree, one for each unknown name; none when all exist. `path` begins each place. */
export function verifyNames(tree: NameTree, record: OwnedRecord, owned: OwnedRecords, path: string): Problem[] {
  return walk(tree, record.schema, record, owned, path, '')
}

function walk(
  tree: NameTree,
  schema: unknown,
  record: OwnedRecord | undefined,
  owned: OwnedRecords,
  path: string,
  prefix: string,
): Problem[] {
  const known = propertiesOf(schema, schema, 0)
  const problems: Problem[] = []
  for (const [name, branch] of tree.names) {
    const link = record?.links.get(name)
    const target = link?.target === undefined ? undefined : owned.get(link.target)
    if (target !== undefined) {
      problems.push(...walk(branch, target.schema, target, owned, path, `${prefix}${name}.`))
    } else if (link !== undefined || known.open || known.properties.has(name)) {
      problems.push(
        ...walk(
          branch,
          rooted(known.properties.get(name) ?? known.rest, schema),
          undefined,
          owned,
          path,
          `${prefix}${name}.`,
        ),
      )
    } else {
      const existing = [...known.properties.keys(), ...(record?.links.keys() ?? [])]
      const nearest = nearestNames(name, existing).map((each) => prefix + each)
      const hint = nearest.length > 0 ? `; nearest: ${nearest.join(', ')}` : ''
      problems.push({
        code: 'unknown-attribute',
        message: `There is no attribute "${prefix}${name}"${path === 'filter' ? ', which the filter reads' : ''}${hint}`,
        path,
        found: prefix + name,
        nearest,
      })
    }
  }
  return problems
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
  return { ...($defs !== undefined && { $defs }), ...(definitions !== undefined && { definitions }), ...schema }
}

function propertiesOf(schema: unknown, root: unknown, depth: number): Known {
  if (!isJsonObject(schema) || depth > deepest) return everything
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
