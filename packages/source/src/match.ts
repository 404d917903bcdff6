import { Linked, Unavailable } from '@recordcast/protocol/language'
import { isJsonObject, type JsonObject } from '@recordcast/protocol/names'
import { askFilter } from './ask-filter.js'
import type { Candidates } from './candidates.js'
import type { Emitted } from './emitted.js'
import type { Entry, Filter } from './entry.js'
import { type Following, follow, type NameTree } from './follow.js'

/** An entry whose listener gets the event. */
export interface Wanting {
  readonly entry: Entry
  /** Its filter reads a link that could not be loaded, or would take too long to decide here; the listener will decide. */
  readonly perhaps: boolean
}

/** Whether every filter has been decided: nothing has to be loaded for one, and none is in doubt. */
export function isDecided({ entries, doubtful }: Candidates): boolean {
  if (doubtful !== undefined) return false
  for (const { filter } of entries) if (filter?.whole !== undefined) return false
  return true
}

/** Second phase: links that the survivors' filters read are loaded, and the filters decided whole. */
export function decide(
  emitted: Emitted,
  { entries, doubtful }: Candidates,
  following: Following,
): Wanting[] | Promise<Wanting[]> {
  const filters = entries.flatMap(({ filter }) => (filter?.whole ? [filter] : []))
  const found = entries.map((entry) => ({ entry, perhaps: doubtful?.has(entry) === true }))
  if (filters.length === 0) return found
  const loaded = loadedImages(emitted, filters, following)
  const judge = ({ after, before }: Loaded): Wanting[] => {
    const view = filterView(emitted, after, before, filters)
    return found.flatMap((wanting) => {
      const { entry } = wanting
      const { filter } = entry
      if (!filter?.whole) return [wanting]
      const failed = filter.paths.filter((path) => isUnavailable(path, after, before))
      const unknown = (path: readonly string[]) =>
        failed.some((each) => each.length === path.length && each.every((name, index) => name === path[index]))
      const { whole } = filter
      const matches = askFilter(() => whole.matches(view, { unknown }))
      if (matches !== false) return [{ entry, perhaps: failed.length > 0 || matches === 'undecided' }]
      entry.counts.heldBack++
      return []
    })
  }
  return loaded instanceof Promise ? loaded.then(judge) : judge(loaded)
}

/** Both images, with links standing where they were wanted. */
export interface Loaded {
  readonly after: JsonObject
  readonly before: JsonObject | undefined
}

export function loadedImages(
  emitted: Pick<Emitted, 'root' | 'before' | 'record'>,
  wanted: readonly Pick<Filter, 'trees'>[],
  following: Following,
): Loaded | Promise<Loaded> {
  const { root, before: image, record } = emitted
  if (record.links.size === 0) return { after: root, before: image }
  const after = follow(
    root,
    record,
    wanted.flatMap(({ trees }) => trees.after),
    following,
  )
  const before =
    image &&
    follow(
      image,
      record,
      wanted.flatMap(({ trees }) => trees.before),
      following,
    )
  if (after instanceof Promise || before instanceof Promise) {
    return Promise.all([after, before]).then(([one, other]) => ({ after: one, before: other }))
  }
  return { after, before }
}

/** What a filter sees when links have been loaded: plain data, links resolved where the filters read them. */
export function filterView(
  emitted: Emitted,
  after: JsonObject,
  before: JsonObject | undefined,
  filters: readonly Pick<Filter, 'trees'>[],
): JsonObject {
  const plainAfter = unlinked(
    after,
    filters.flatMap(({ trees }) => trees.after),
  ) as JsonObject
  const plainBefore =
    before &&
    (unlinked(
      before,
      filters.flatMap(({ trees }) => trees.before),
    ) as JsonObject)
  return eventView(emitted, plainAfter, plainBefore)
}

export function eventView(emitted: Emitted, root: JsonObject, before: JsonObject | undefined): JsonObject {
  const { id, time, type, source, tenant, subject, user, changed } = emitted
  return {
    ...root,
    ...(before && { $before: before }),
    $changed: changed,
    $event: {
      id,
      time,
      type,
      source,
      record: subject,
      ...(tenant !== undefined && { tenant }),
      ...(user !== undefined && { user }),
    },
  }
}

/** A copy in which the links that the trees step on are ordinary properties; one that is unavailable is left out. */
function unlinked(value: unknown, trees: readonly NameTree[]): unknown {
  if (Array.isArray(value)) return value.map((each) => unlinked(each, trees))
  const record = value instanceof Linked ? value.record : value
  if (record instanceof Unavailable || !isJsonObject(record)) return record instanceof Unavailable ? undefined : record
  const copy: Record<string, unknown> = { ...record }
  for (const tree of trees) {
    for (const name of tree.names.keys()) {
      if (!Object.hasOwn(record, name)) continue
      const below = unlinked(
        record[name],
        trees.flatMap((each) => each.names.get(name) ?? []),
      )
      Object.defineProperty(copy, name, {
        value: below,
        configurable: true,
        enumerable: below !== undefined,
        writable: true,
      })
      if (below === undefined) delete copy[name]
    }
  }
  return copy
}

/** Whether a field path of a filter meets something that could not be loaded. */
export function isUnavailable(path: readonly string[], after: JsonObject, before: JsonObject | undefined): boolean {
  const [first] = path
  if (first === '$event' || first === '$changed') return false
  return first === '$before' ? meets(before, path.slice(1)) : meets(after, path)
}

function meets(value: unknown, path: readonly string[]): boolean {
  if (value instanceof Unavailable) return true
  if (Array.isArray(value)) return value.some((each) => meets(each, path))
  const record = value instanceof Linked ? value.record : value
  if (record instanceof Unavailable) return true
  const [name, ...rest] = path
  return name !== undefined && isJsonObject(record) && Object.hasOwn(record, name) && meets(record[name], rest)
}
