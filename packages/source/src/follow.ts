import { type Atom, Linked, Unavailable } from '@recordcast/protocol/language'
import { isJsonObject, type JsonObject } from '@recordcast/protocol/names'
import type { Loaded, Loader } from './loader.js'
import type { Link, OwnedRecord, OwnedRecords } from './owned.js'

export type NameTree = Atom['names']

/*
Follows the links that name trees step on and gives the record with Linked values standing where links are. The event's own facts
win over what is loaded: a link that the facts carry is loaded only for names that they lack, and never overwrites one. Links stand as
properties that are not enumerable, so a path that takes a whole record gets the record, the same whoever else listens.

Nothing here throws or rejects; what cannot be had stands as Unavailable, and harms only who reads it.
*/

export interface Following {
  readonly owned: OwnedRecords
  readonly tenant: string | undefined
  /** What this event has loaded already, by loader and key, so that its second phase loads nothing twice. A load covers what
   *  every subscription wants, so one a key is enough. */
  memo?: Map<Loader, Map<string, Loaded | Promise<Loaded>>>
}

export function follow(
  own: JsonObject,
  record: OwnedRecord,
  trees: readonly NameTree[],
  following: Following,
): JsonObject | Promise<JsonObject> {
  const standing: (readonly [string, unknown])[] = []
  const waiting: Promise<readonly [string, unknown]>[] = []
  for (const link of record.links.values()) {
    const wanted = branches(trees, link.name)
    if (wanted.length === 0) continue
    const value = stand(own, link, wanted, following)
    if (value instanceof Promise) waiting.push(value.then((settled) => [link.name, settled] as const))
    else if (value !== undefined) standing.push([link.name, value])
  }
  if (waiting.length > 0) return Promise.all(waiting).then((settled) => withLinks(own, [...standing, ...settled]))
  return standing.length === 0 ? own : withLinks(own, standing)
}

function branches(trees: readonly NameTree[], name: string): NameTree[] {
  const found: NameTree[] = []
  for (const tree of trees) {
    const branch = tree.names.get(name)
    if (branch !== undefined) found.push(branch)
  }
  return found
}

function withLinks(own: JsonObject, standing: readonly (readonly [string, unknown])[]): JsonObject {
  const copy = { ...own }
  for (const [name, value] of standing) {
    if (value !== undefined)
      Object.defineProperty(copy, name, { value, configurable: true, writable: true, enumerable: false })
  }
  return copy
}

/** What stands for a link; undefined leaves the facts as they are. */
function stand(own: JsonObject, link: Link, wanted: readonly NameTree[], following: Following): unknown {
  const given = Object.hasOwn(own, link.name) ? own[link.name] : undefined
  if (given === null || Array.isArray(given)) return undefined
  if (given !== undefined && !isJsonObject(given)) return undefined
  const target = link.target === undefined ? undefined : following.owned.get(link.target)
  const names = namesOf(wanted)
  if (
    given !== undefined &&
    names.every((name) => Object.hasOwn(given, name) || tellsKey(given, target?.links.get(name)))
  ) {
    return target === undefined ? undefined : deeper(given, target, wanted, following)
  }
  let key: unknown
  try {
    key = link.key(own)
  } catch (error) {
    return new Unavailable(
      'loader-failed',
      `The key of link ${link.name} could not be told: ${String(error)}`.slice(0, 1024),
    )
  }
  if (key === null || key === undefined) return undefined
  const one = (each: unknown): unknown => linkTo(each, link, target, wanted, names, given, following)
  if (!Array.isArray(key)) return one(key)
  const all = key.filter((each) => each !== null && each !== undefined).map(one)
  return all.some((each) => each instanceof Promise) ? Promise.all(all) : all
}

/** Whether facts that carry a part of a record know at least where its own link points to. */
function tellsKey(given: JsonObject, link: Link | undefined): boolean {
  try {
    return (link?.key(given) ?? null) !== null
  } catch {
    return false
  }
}

function linkTo(
  rawKey: unknown,
  link: Link,
  target: OwnedRecord | undefined,
  wanted: readonly NameTree[],
  names: readonly string[],
  given: JsonObject | undefined,
  following: Following,
): unknown {
  const key = typeof rawKey === 'number' || typeof rawKey === 'bigint' ? String(rawKey) : rawKey
  if (typeof key !== 'string') {
    return new Unavailable(
      'loader-failed',
      `The key of link ${link.name} is ${typeof key}; a text or a number is wanted`,
    )
  }
  if (names.length === 0 && !wanted.some((tree) => tree.value)) return new Linked(key, null)
  const finish = (loaded: Loaded): unknown => {
    if (loaded instanceof Unavailable)
      return given === undefined ? new Linked(key, loaded) : patched(key, given, names, loaded)
    if (loaded === null) return given ?? new Linked(key, null)
    const record = given === undefined ? loaded : { ...loaded, ...given }
    if (target === undefined) return new Linked(key, record)
    const followed = follow(record, target, wanted, following)
    return followed instanceof Promise ? followed.then((deep) => new Linked(key, deep)) : new Linked(key, followed)
  }
  const loaded = loadOnce(link.loader, key, names, following)
  return loaded instanceof Promise ? loaded.then(finish) : finish(loaded)
}

function loadOnce(
  loader: Loader,
  key: string,
  names: readonly string[],
  following: Following,
): Loaded | Promise<Loaded> {
  following.memo ??= new Map()
  let known = following.memo.get(loader)
  if (known === undefined) {
    known = new Map()
    following.memo.set(loader, known)
  }
  const before = known.get(key)
  if (before !== undefined) return before
  const loaded = loader.load(key, following.tenant, names)
  known.set(key, loaded)
  return loaded
}

/** Facts that carry a part of a link whose rest failed to load: the part stays, each name that is lacking is unavailable. */
function patched(key: string, given: JsonObject, names: readonly string[], failure: Unavailable): Linked {
  const lacking = names.filter((name) => !Object.hasOwn(given, name)).map((name) => [name, failure] as const)
  return new Linked(key, withLinks(given, lacking))
}

function deeper(given: JsonObject, target: OwnedRecord, wanted: readonly NameTree[], following: Following): unknown {
  const followed = follow(given, target, wanted, following)
  if (followed instanceof Promise) return followed.then((deep) => (deep === given ? undefined : deep))
  return followed === given ? undefined : followed
}

function namesOf(trees: readonly NameTree[]): readonly string[] {
  const names = new Set<string>()
  for (const tree of trees) for (const name of tree.names.keys()) names.add(name)
  return [...names].sort()
}

/** How many linked records name trees read together in a record whose links were followed: what a listener would have had to load itself. */
export function countLinks(
  view: JsonObject,
  record: OwnedRecord,
  trees: readonly NameTree[],
  owned: OwnedRecords,
): number {
  let count = 0
  for (const link of record.links.values()) {
    const wanted = branches(trees, link.name)
    if (!Object.hasOwn(view, link.name) || !wanted.some(({ value, names }) => value || names.size > 0)) continue
    const standing = view[link.name]
    const target = link.target === undefined ? undefined : owned.get(link.target)
    for (const each of Array.isArray(standing) ? standing : [standing]) {
      if (!(each instanceof Linked)) continue
      count++
      if (target !== undefined && isJsonObject(each.record)) count += countLinks(each.record, target, wanted, owned)
    }
  }
  return count
}
