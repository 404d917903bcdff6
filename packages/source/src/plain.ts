import { RecordcastError } from '@recordcast/protocol/errors'

const deepest = 64

/**
 * A copy of facts as plain JSON data, so that the caller may go on changing the original. Dates become ISO 8601 texts, `toJSON` is honoured,
 * undefined properties are left out, as JSON.stringify does it; what JSON.stringify would lose or choke on is an error.
 *
 * @throws RecordcastError invalid-event: NaN, Infinity, bigint, function, symbol, Map, Set, a getter that throws, more than 64 levels (a cycle)
 */
export function toPlain(value: unknown, path: string): unknown {
  return copy(value, [path])
}

/** The path so far and the names and places below it, undefined for what toJSON gave: joined only for an error. */
type Way = (string | number | undefined)[]

function copy(value: unknown, way: Way): unknown {
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return value
    case 'number':
      if (Number.isFinite(value)) return value
      throw notJson(way, String(value), 'a finite number or null')
    case 'object':
      return value === null ? null : copyObject(value, way)
    default:
      throw notJson(way, typeof value === 'bigint' ? 'a bigint' : typeof value, 'JSON data')
  }
}

function copyObject(value: object, way: Way): unknown {
  if (way.length > deepest) throw notJson(way, 'more levels', `at most ${deepest} levels, without a cycle`)
  if (Array.isArray(value)) {
    return value.map((item, index) => (item === undefined ? null : copyBelow(item, index, way)))
  }
  if (value instanceof Map || value instanceof Set) throw notJson(way, value.constructor.name, 'a plain object or list')
  const { toJSON } = value as { toJSON?: unknown }
  // An object that gives itself is as endless as a cycle.
  if (typeof toJSON === 'function') return copyBelow(toJSON.call(value), undefined, way)
  const plain: Record<string, unknown> = {}
  for (const key of Object.keys(value)) {
    const item = take(value as Record<string, unknown>, key, way)
    if (item === undefined) continue
    const copied = typeof item === 'string' ? item : copyBelow(item, key, way)
    if (key === '__proto__')
      Object.defineProperty(plain, key, { value: copied, enumerable: true, configurable: true, writable: true })
    else plain[key] = copied
  }
  return plain
}

/** What throws leaves the way as it is: that is where it happened. */
function copyBelow(value: unknown, name: Way[number], way: Way): unknown {
  way.push(name)
  const copied = copy(value, way)
  way.pop()
  return copied
}

function take(value: Record<string, unknown>, key: string, way: Readonly<Way>): unknown {
  try {
    return value[key]
  } catch {
    throw notJson([...way, key], 'a getter that throws', 'JSON data')
  }
}

function notJson(way: Readonly<Way>, found: string, expected: string): RecordcastError {
  const path = way.filter((name) => name !== undefined).join('/')
  return new RecordcastError(
    'invalid-event',
    `The facts hold ${found} at ${path || 'their root'}; ${expected} is wanted there`,
    {
      path,
      found,
      expected,
    },
  )
}
