/** An object of a webhook's body. */
export type Json = Readonly<Record<string, unknown>>

export function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The object itself. @throws TypeError naming what should have been one */
export function object(value: unknown, what: string): Json {
  if (isObject(value)) return value
  throw new TypeError(`${what} is no object`)
}

/** A member that is an object. */
export function at(parent: Json, name: string): Json {
  return object(parent[name], `"${name}"`)
}

export function text(parent: Json, name: string): string {
  const value = parent[name]
  if (typeof value === 'string') return value
  throw new TypeError(`"${name}" is no text`)
}

/** A list, or none where there is no list. */
export function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : []
}
