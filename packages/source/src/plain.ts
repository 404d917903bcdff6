import { RecordcastError } from '@recordcast/protocol/errors'

const deepest = 64

/**
 * A copy of facts as plain JSON data, so that the caller may go on changing the original. Dates become ISO 8601 texts, `toJSON` is honoured,
 * undefined properties are left out, as JSON.stringify does it; what JSON.stringify would lose or choke on is an error.
 *
 * @throws RecordcastError invalid-event: NaN, Infinity, bigint, function, symbol, Map, Set, a getter that throws, more than 64 levels (a cycle)
 */
export function toPlain(value: unknown, path: string): unknown {
  return copy(value, path, 0)
}

function copy(value: unknown, path: string, depth: number): unknown {
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return value
    case 'number':
      if (Number.isFinite(value)) return value
      throw notJson(path, String(value), 'a finite number or null')
    case 'object':
      return value === null ? null : copyObject(value, path, depth)
    default:
      throw notJson(path, typeof value === 'bigint' ? `${value}n` : typeof value, 'JSON data')
  }
}

function copyObject(value: object, path: string, depth: number): unknown {
  if (depth >= deepest) throw notJson(path, 'more levels', `at most ${deepest} levels, without a cycle`)
  if (Array.isArray(value)) {
    return value.map((item, index) => (item === undefined ? null : copy(item, `${path}/${index}`, depth + 1)))
  }
  if (value instanceof Map || value instanceof Set)
    throw notJson(path, value.constructor.name, 'a plain object or list')
  const { toJSON } = value as { toJSON?: unknown }
  if (typeof toJSON === 'function') return copy(toJSON.call(value), path, depth + 1)
  const plain: Record<string, unknown> = {}
  for (const key of Object.keys(value)) {
    const item = take(value as Record<string, unknown>, key, path)
    if (item === undefined) continue
    const copied = copy(item, `${path}/${key}`, depth + 1)
    if (key === '__proto__')
      Object.defineProperty(plain, key, { value: copied, enumerable: true, configurable: true, writable: true })
    else plain[key] = copied
  }
  return plain
}

function take(value: Record<string, unknown>, key: string, path: string): unknown {
  try {
    return value[key]
  } catch {
    throw notJson(`${path}/${key}`, 'a getter that throws', 'JSON data')
  }
}

function notJson(path: string, found: string, expected: string): RecordcastError {
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
