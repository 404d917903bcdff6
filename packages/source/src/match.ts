import { Linked, Unavailable } from '@recordcast/protocol/language'
import { isJsonObject, type JsonObject } from '@recordcast/protocol/names'
import { isChanged } from './changed.js'
import type { Decision } from './decision.js'
import type { Topic } from './directory.js'
import type { Emitted } from './emitted.js'
import type { Entry, Filter } from './entry.js'
import { type Following, follow, type NameTree } from './follow.js'

/** An entry whose listener gets the event. */
export interface Wanting {
  readonly entry: Entry
  /** Its filter reads a link that could not be loaded; the listener will decide. */
  readonly perhaps: boolean
}

/** First phase, synchronous: the index on the event's own facts, then tenant and `when`. Loads nothing. `decision` is told who drops out. */
export function candidates(emitted: Emitted, topic: Topic, decision?: Decision): Entry[] {
  const entries =
    topic.filters === 0 ? [...topic.entries] : topic.matcher.match(eventView(emitted, emitted.root, emitted.before))
  return entries.filter((entry) => isCandidate(entry, emitted, decision))
}

function isCandidate(entry: Entry, emitted: Emitted, decision: Decision | undefined): boolean {
  const { counts, compared } = entry
  counts.candidate++
  if (!admits(entry, emitted.tenant)) {
    counts.tenant++
    decision?.held(entry, 'tenant')
    return false
  }
  if (compared === undefined || emitted.kind !== 'changed' || isChanged(compared, emitted)) return true
  counts.unchanged++
  decision?.held(entry, 'unchanged')
  return false
}

/** An event without a tenant is the whole service's and goes only to listeners of all tenants. */
export function admits({ tenants }: Entry, tenant: string | undefined): boolean {
  return tenants === 'all' || (tenant !== undefined && tenants.has(tenant))
}

/** Whether anything has to be loaded to decide. */
export function isDecided(entries: readonly Entry[]): boolean {
  for (const { filter } of entries) if (filter?.whole !== undefined) return false
  return true
}

/** Second phase: links that the survivors' filters read are loaded, and the filters decided whole. */
export function decide(
  emitted: Emitted,
  entries: readonly Entry[],
  following: Following,
): Wanting[] | Promise<Wanting[]> {
  const filters = entries.flatMap(({ filter }) => (filter?.whole ? [filter] : []))
  const loaded = loadedImages(emitted, filters, following)
  const judge = ({ after, before }: Loaded): Wanting[] => {
    const view = filterView(emitted, after, before, filters)
    return entries.flatMap((entry) => {
      const { filter } = entry
      if (!filter?.whole) return [{ entry, perhaps: false }]
      const failed = filter.paths.filter((path) => isUnavailable(path, after, before))
      const unknown = (path: readonly string[]) =>
        failed.some((each) => each.length === path.length && each.every((name, index) => name === path[index]))
      if (filter.whole.matches(view, { unknown })) return [{ entry, perhaps: failed.length > 0 }]
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
  emitted: Emitted,
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
