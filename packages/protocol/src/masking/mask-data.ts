import type { Access, Expression } from '../language/ast.js'
import { parse } from '../language/parse.js'
import { setOwn } from '../language/values.js'
import { isJsonObject, type JsonObject } from '../names/json.js'
import { type Sensitivity, sensitivityOf } from './sensitivity.js'

/** What stands in place of a sensitive value, whatever it was. */
export const mask = '***'

/**
 * An event's data with `***` in place of each sensitive value. Keys are canonical paths as they stand on the wire: `$before.author.mail`, `author{login,mail}`,
 * `assignees[].mail`, and `$filter`. A path that takes a whole record is masked inside; a key that is no path is masked whole. What is hidden does not tell whether it was
 * null. The data given is not changed.
 *
 * @param sensitive paths such as `author.mail`, or what sensitivityOfRecord gave
 */
export function maskData(data: JsonObject, sensitive: readonly string[] | Sensitivity | undefined): JsonObject {
  const tree = isList(sensitive) ? sensitivityOf(sensitive) : sensitive
  return tree === undefined ? data : rebuilt(data, (key, value) => maskNamed(key, value, tree))
}

/** A record, or a part of one, with `***` in place of each sensitive value. */
export function maskRecord(value: unknown, tree: Sensitivity | undefined): unknown {
  if (tree === undefined) return value
  if (tree.whole) return mask
  if (Array.isArray(value)) return value.map((each) => maskRecord(each, tree))
  return isJsonObject(value) ? rebuilt(value, (name, each) => maskRecord(each, tree.below(name))) : value
}

/** Whether the field that these names lead to, from the top of a filter's view of the event, is sensitive. */
export function isSensitiveField(path: readonly string[], tree: Sensitivity | undefined): boolean {
  const [first] = path
  if (first === '$event' || first === '$changed') return false
  let at = tree
  for (const name of first === '$before' ? path.slice(1) : path) at = at?.below(name)
  return at?.whole === true
}

function maskNamed(key: string, value: unknown, tree: Sensitivity): unknown {
  if (key === '$filter') return maskView(value, tree)
  let expression: Expression
  try {
    expression = parse(key, { emptyTails: true })
  } catch {
    return mask
  }
  return maskExpression(value, expression, tree)
}

/** What a filter reads of an event: the record, with the one before, the changed names and the event's own fields beside it. */
function maskView(value: unknown, tree: Sensitivity): unknown {
  if (!isJsonObject(value)) return mask
  return rebuilt(value, (name, each) => {
    if (name === '$event' || name === '$changed') return each
    return maskRecord(each, name === '$before' ? tree : tree.below(name))
  })
}

/** @param here what is known of the object around, where the expression stands in a tail */
function maskExpression(value: unknown, { alternatives, literal }: Expression, root: Sensitivity, here = root) {
  const own = (access: Access): Sensitivity => (access.root === '' ? here : root)
  const [only, other] = alternatives
  // An or-else may have taken its value from any of its paths: it is hidden if one of them is.
  if (only === undefined || other !== undefined || literal !== undefined) {
    return alternatives.some((access) => touches(access, root, own(access))) ? mask : value
  }
  return maskAccess(value, only, root, own(only))
}

function maskAccess(value: unknown, access: Access, root: Sensitivity, from: Sensitivity): unknown {
  const { tail, scalar } = access
  const place = placeOf(access, from)
  if (place?.whole) return mask
  // A conversion may have made a text of a whole record.
  const isText = scalar !== undefined && scalar !== 'id' && scalar !== 'json'
  if (isText && touches(access, root, from)) return mask
  if (scalar === 'id') return place?.below('id')?.whole ? mask : value
  if (tail === undefined) return maskRecord(value, place)
  const fields = new Map(tail.map(({ key, expression }) => [key, expression]))
  const one = (each: unknown): unknown => {
    if (Array.isArray(each)) return each.map(one)
    if (!isJsonObject(each)) return place === undefined ? each : mask
    return rebuilt(each, (key, inner) => {
      const field = fields.get(key)
      if (field === undefined) return place === undefined ? inner : mask
      return maskExpression(inner, field, root, place ?? nothing)
    })
  }
  return one(value)
}

/** Whether an access can have met anything that is sensitive. */
function touches(access: Access, root: Sensitivity, from: Sensitivity): boolean {
  const place = placeOf(access, from)
  if (place !== undefined) return true
  return (access.tail ?? []).some(({ expression }) =>
    expression.alternatives.some((inner) => touches(inner, root, inner.root === '' ? nothing : root)),
  )
}

/** What is known where a path ends. */
function placeOf({ root, steps }: Access, from: Sensitivity): Sensitivity | undefined {
  if (root === '$event' || root === '$changed') return undefined
  let at: Sensitivity | undefined = from
  for (const { name } of steps) at = at?.below(name)
  return at
}

const nothing: Sensitivity = { whole: false, below: () => undefined }

function rebuilt(object: JsonObject, of: (key: string, value: unknown) => unknown): JsonObject {
  const copy = {}
  for (const [key, value] of Object.entries(object)) setOwn(copy, key, of(key, value))
  return copy
}

function isList(sensitive: readonly string[] | Sensitivity | undefined): sensitive is readonly string[] {
  return Array.isArray(sensitive)
}
