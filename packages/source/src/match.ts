import { Linked, Unavailable } from '@recordcast/protocol/language'
import { isJsonObject, type JsonObject } from '@recordcast/protocol/names'
import { askFilter } from './ask-filter.js'
import type { Topic } from './directory.js'
import type { Emitted } from './emitted.js'
import type { Entry, Filter } from './entry.js'
import { type Following, follow, type NameTree } from './follow.js'
import { sameValue } from './same.js'

/** An entry whose listener gets the event. */
export interface Wanting {
  readonly entry: Entry
  /** Its filter reads a link that could not be loaded, or would take too long to decide here; the listener will decide. */
  readonly perhaps: boolean
}

/** First phase, synchronous: the index on the event's own facts, then tenant and `when`. Loads nothing. */
export function candidates(emitted: Emitted, topic: Topic): Wanting[] {
  const event = topic.matcher.paths.length === 0 ? {} : eventView(emitted, emitted.root, emitted.before)
  let doubtful: Set<Entry> | undefined
  const found = topic.matcher.match(event, (entry) => {
    doubtful ??= new Set()
    doubtful.add(entry)
  })
  const wanting: Wanting[] = []
  for (const entry of found) {
    entry.counts.candidate++
    if (!admits(entry, emitted.tenant)) entry.counts.tenant++
    else if (entry.compared === undefined || emitted.kind !== 'changed' || isChanged(entry.compared, emitted))
      wanting.push({ entry, perhaps: doubtful?.has(entry) === true })
    else entry.counts.unchanged++
  }
  return wanting
}

/** An event without a tenant is the whole service's and goes only to listeners of all tenants. */
function admits({ tenants }: Entry, tenant: string | undefined): boolean {
  return tenants === 'all' || (tenant !== undefined && tenants.has(tenant))
}

function isChanged(
  { expressions, links }: NonNullable<Entry['compared']>,
  { before, root, record, changed }: Emitted,
): boolean {
  if (before === undefined) return true
  const context = { before, changed }
  if (expressions.some((each) => !sameValue(each.read(before, context), each.read(root, context)))) return true
  return links.some((name) => {
    const { key } = record.links.get(name)!
    try {
      return !sameValue(asText(key(before)), asText(key(root)))
    } catch {
      return true
    }
  })
}

const asText = (key: unknown): unknown =>
  Array.isArray(key) ? key.map(asText) : key === null || key === undefined ? null : String(key)

/** Second phase: links that the survivors' filters read are loaded, and the filters decided whole. */
export function decide(
  emitted: Emitted,
  found: readonly Wanting[],
  following: Following,
): readonly Wanting[] | Promise<readonly Wanting[]> {
  const filters = found.flatMap(({ entry: { filter } }) => (filter?.whole ? [filter] : []))
  if (filters.length === 0) return found
  const loaded = loadedImages(emitted, filters, following)
  const judge = ({ after, before }: { after: JsonObject; before: JsonObject | undefined }): Wanting[] => {
    const view = filterView(emitted, after, before, filters)
    return found.flatMap((wanting) => {
      const { entry } = wanting
      const { filter } = entry
      if (!filter?.whole) return [wanting]
      const failed = filter.paths.filter((path) => isUnavailable(path, after, before))
      const unknown = (path: readonly string[]) =>
        failed.some((each) => each.length === path.length && each.every((name, index) => name === path[index]))
      const matches = askFilter(filter.whole, view, unknown)
      if (matches !== false) return [{ entry, perhaps: failed.length > 0 || matches === 'undecided' }]
      entry.counts.heldBack++
      return []
    })
  }
  return loaded instanceof Promise ? loaded.then(judge) : judge(loaded)
}

type Loaded = { after: JsonObject; before: JsonObject | undefined }

export function loadedImages(
  emitted: Emitted,
  wanted: readonly Pick<Filter, 'trees'>[],
  following: Following,
): Loaded | Promise<Loaded> {
  const { root, before: image, record } = emitted
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

function eventView(emitted: Emitted, root: JsonObject, before: JsonObject | undefined): JsonObject {
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
