import type { Records } from './records.js'

/** Where a path leads: the record that it starts from, and each further one that a link takes it to. */
export interface Place {
  readonly record: string
  readonly path: readonly string[]
}

/** Every place at which a path of a record can be named: itself, and what is left of it in each record type that its links lead to. */
export function placesOf({ names }: Records, record: string, path: readonly string[]): readonly Place[] {
  const places: Place[] = [{ record, path }]
  let at = names.get(record)
  for (const [index, name] of path.entries()) {
    const target = at?.links.get(name)?.target
    if (target === undefined) return places
    places.push({ record: target, path: path.slice(index + 1) })
    at = names.get(target)
  }
  return places
}

/** Whether a path is another one or lies below it. */
export function isWithin(path: readonly string[], of: readonly string[]): boolean {
  return of.length <= path.length && of.every((name, index) => path[index] === name)
}
