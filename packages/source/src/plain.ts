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
type Plain = Record<string, unknown>

function copy(value: unknown, way: Way): unknown {
  if (value === null || isCopy(value)) return value
  if (typeof value === 'object') return copyObject(value, way)
  if (typeof value === 'number') throw notJson(way, String(value), 'a finite number or null')
  throw notJson(way, typeof value === 'bigint' ? 'a bigint' : typeof value, 'JSON data')
}

function copyObject(value: object, way: Way): unknown {
  if (way.length > deepest) throw notJson(way, 'more levels', `at most ${deepest} levels, without a cycle`)
  if (Array.isArray(value)) {
    return value.map((item, index) => (isCopy(item) ? item : item === undefined ? null : copyBelow(item, index, way)))
  }
  if (value instanceof Map || value instanceof Set) throw notJson(way, value.constructor.name, 'a plain object or list')
  const { toJSON } = value as { toJSON?: unknown }
  // An object that gives itself is as endless as a cycle.
  if (typeof toJSON === 'function') return copyBelow(toJSON.call(value), undefined, way)
  return (isPlain(value) ? copyWhole(value, way) : undefined) ?? copyEach(value, way)
}

/** What needs no copying. */
function isCopy(value: unknown): boolean {
  return typeof value === 'string' || typeof value === 'boolean' || Number.isFinite(value)
}

function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === Object.prototype || prototype === null
}

/**
 * Two thirds of the time of one property after the other, and one object in place of two. undefined: that is how it has to be done. It is found out before
 * anything below is copied, or that would be copied twice, and what is below it four times.
 */
function copyWhole(value: object, way: Way): Plain | undefined {
  let plain: Plain
  try {
    plain = { ...value }
  } catch {
    return undefined
  }
  for (const key in plain) if (plain[key] === undefined || key === '__proto__') return undefined
  for (const key in plain) {
    const item = plain[key]
    if (isCopy(item) || !Object.hasOwn(plain, key)) continue
    plain[key] = copyBelow(item, key, way)
  }
  return plain
}

function copyEach(value: object, way: Way): Plain {
  const plain: Plain = {}
  for (const key of Object.keys(value)) {
    const item = take(value as Plain, key, way)
    if (item === undefined) continue
    const copied = isCopy(item) ? item : copyBelow(item, key, way)
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

function take(value: Plain, key: string, way: Readonly<Way>): unknown {
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
