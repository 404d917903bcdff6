import type { Scalar } from './ast.js'
import { spendOnText } from './budget.js'
import { Linked, Unavailable } from './linked.js'
import { own, unlink } from './values.js'

const numeric = /^[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?$/i

/** Turns one value, no list, into the scalar asked for; null where it cannot. */
export const convert: Readonly<Record<Scalar, (value: unknown) => unknown>> = {
  str: (value) => toText(unlink(value)),
  num: (value) => toNumber(unlink(value)),
  bool: (value) => toBoolean(unlink(value)),
  json: unlink,
  id: toId,
}

/** A scalar as text, an object as JSON text; an object that JSON writes as a text, such as a Date, as that text. */
function toText(value: unknown): string | null {
  if (typeof value !== 'object') return String(value)
  if (value === null) return null
  try {
    const json: string | undefined = JSON.stringify(value)
    spendOnText(json ?? '', 'made')
    return json?.startsWith('"') ? JSON.parse(json) : (json ?? null)
  } catch (error) {
    if (error instanceof Unavailable) throw error
    return null
  }
}

function toNumber(value: unknown): number | null {
  const text = typeof value === 'string' ? value.trim() : undefined
  if (text !== undefined) spendOnText(text, 'read')
  if (text !== undefined && !numeric.test(text)) return null
  if (text === undefined && typeof value !== 'number' && typeof value !== 'bigint') return null
  const number = Number(text ?? value)
  return Number.isFinite(number) ? number : null
}

function toBoolean(value: unknown): boolean | null {
  if (typeof value === 'boolean') return value
  return value === 'true' ? true : value === 'false' ? false : null
}

/** A link's key, an object's own `id`, a scalar itself, as text. */
function toId(value: unknown): string | null {
  if (value instanceof Linked) return value.key
  const id = typeof value === 'object' && value !== null ? own(value, 'id') : value
  return id === null || typeof id === 'object' ? null : String(id)
}
