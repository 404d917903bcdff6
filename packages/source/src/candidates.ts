import { isChanged } from './changed.js'
import type { Decision } from './decision.js'
import type { Topic } from './directory.js'
import type { Emitted } from './emitted.js'
import type { Entry } from './entry.js'
import { eventView } from './match.js'

/** Entries that may want an event, and those among them whose filter the index would have taken too long to decide. */
export interface Candidates {
  readonly entries: readonly Entry[]
  /** Absent: none, as nearly always. */
  readonly doubtful?: ReadonlySet<Entry>
}

/** First phase, synchronous: the index on the event's own facts, then tenant and `when`. Loads nothing. `decision` is told who drops out. */
export function candidates(emitted: Emitted, topic: Topic, decision?: Decision): Candidates {
  if (topic.filters === 0) {
    topic.all ??= [...topic.matcher.keys()]
    return { entries: staying(topic.all, emitted, decision) }
  }
  let doubtful: Set<Entry> | undefined
  const found = topic.matcher.match(eventView(emitted, emitted.root, emitted.before), (entry) => {
    doubtful ??= new Set()
    doubtful.add(entry)
  })
  const entries = staying(found, emitted, decision)
  return doubtful === undefined ? { entries } : { entries, doubtful }
}

/** The list itself if nobody drops out. */
function staying(all: readonly Entry[], emitted: Emitted, decision: Decision | undefined): readonly Entry[] {
  let entries: Entry[] | undefined
  for (let at = 0; at < all.length; at++) {
    const entry = all[at]!
    if (!isCandidate(entry, emitted, decision)) entries ??= all.slice(0, at)
    else entries?.push(entry)
  }
  return entries ?? all
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
  if (tenants === 'all') return true
  return tenant !== undefined && (tenants instanceof Set ? tenants.has(tenant) : (tenants as string[]).includes(tenant))
}
