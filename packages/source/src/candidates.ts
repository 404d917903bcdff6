import type { Topic } from './directory.js'
import type { Emitted } from './emitted.js'
import type { Entry } from './entry.js'
import { eventView } from './match.js'
import { sameValue } from './same.js'

/** Entries that may want an event, and those among them whose filter the index would have taken too long to decide. */
export interface Candidates {
  readonly entries: readonly Entry[]
  /** Absent: none, as nearly always. */
  readonly doubtful?: ReadonlySet<Entry>
}

/** First phase, synchronous: the index on the event's own facts, then tenant and `when`. Loads nothing. */
export function candidates(emitted: Emitted, topic: Topic): Candidates {
  if (topic.filters === 0) return { entries: [...topic.entries].filter((entry) => isCandidate(entry, emitted)) }
  let doubtful: Set<Entry> | undefined
  const found = topic.matcher.match(eventView(emitted, emitted.root, emitted.before), (entry) => {
    doubtful ??= new Set()
    doubtful.add(entry)
  })
  return { entries: found.filter((entry) => isCandidate(entry, emitted)), ...(doubtful && { doubtful }) }
}

function isCandidate(entry: Entry, emitted: Emitted): boolean {
  const { counts, compared } = entry
  counts.candidate++
  if (!admits(entry, emitted.tenant)) {
    counts.tenant++
    return false
  }
  if (compared === undefined || emitted.kind !== 'changed' || isChanged(compared, emitted)) return true
  counts.unchanged++
  return false
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
