import { compilePattern, splitPattern } from '@recordcast/matcher'
import { splitEventType } from '@recordcast/protocol'
import type { ListenerFact, Subscription } from '@recordcast/protocol/control'
import { type Problem, toProblem } from '@recordcast/protocol/errors'
import { type Atom, compileAttribute } from '@recordcast/protocol/language'
import { nearestNames } from '@recordcast/protocol/names'
import type { SubscriptionVerdict } from '@recordcast/protocol/requests'
import { verifyNames } from '@recordcast/protocol/schema'
import { type Commons, createCommons } from './commons.js'
import type { Entry, Filter } from './entry.js'
import type { NameTree } from './follow.js'
import type { OwnedRecord, OwnedRecords } from './owned.js'

/** What a source makes of a listener's fact: a verdict a subscription, and the accepted ones compiled. */
export interface TakenIn {
  readonly verdicts: readonly SubscriptionVerdict[]
  readonly entries: readonly Entry[]
}

/** Looking for the nearest names is dear, and a fact from the network may hold thousands of unknown ones: so many get a hint. */
const mostSuggestions = 16
const mostReasons = 256

/** Judges a fact. Pure but for `since`, the number of events of a type emitted so far; never throws, whatever the fact holds. */
export function takeIn(
  fact: ListenerFact,
  key: string,
  owned: OwnedRecords,
  since: (event: string) => number,
  commons = createCommons(),
): TakenIn {
  const entries: Entry[] = []
  let suggestions = mostSuggestions
  const suggest: typeof nearestNames = (name, existing) => (suggestions-- > 0 ? nearestNames(name, existing) : [])
  const verdicts = fact.subscriptions.map((subscription): SubscriptionVerdict => {
    const { event } = subscription
    const type = splitEventType(event)
    const record = type && owned.get(type.record)
    if (type === undefined || record === undefined) {
      const nearest = suggest(type?.record ?? event, owned.names)
      const message = `This source owns no record type "${type?.record ?? event}"`
      return {
        event,
        verdict: 'not-mine',
        reasons: [{ code: 'unknown-record-type', message, found: event, nearest: [...nearest] }],
      }
    }
    const judged = judge(fact, subscription, type.kind, record, { owned, commons, suggest })
    if (Array.isArray(judged)) return { event, verdict: 'refused', reasons: judged.slice(0, mostReasons).map(plain) }
    const counts = { since: since(event), candidate: 0, heldBack: 0, delivered: 0, tenant: 0, unchanged: 0, linked: 0 }
    const { atoms, trees, filter, tenants, compared } = judged
    // Written out, for an object that is spread together takes twice the room, and there may be very many.
    entries.push({ key, fact, subscription, atoms, trees, filter, tenants, compared, counts })
    return commons.accepted(event)
  })
  return { verdicts, entries }
}

type Judged = Omit<Entry, 'key' | 'fact' | 'subscription' | 'counts'>

function judge(
  fact: ListenerFact,
  subscription: Subscription,
  kind: string,
  record: OwnedRecord,
  { owned, commons, suggest }: { owned: OwnedRecords; commons: Commons; suggest: typeof nearestNames },
): Judged | Problem[] {
  const { event, attributes, filter: pattern, tenants } = subscription
  const reasons: Problem[] = []
  const attempt = <T>(path: string, make: () => T): T | undefined => {
    try {
      return make()
    } catch (error) {
      reasons.push({ ...toProblem(error), path: `${path}${toProblem(error).path ?? ''}` })
      return undefined
    }
  }
  const custom = record.options.events
  if (custom !== undefined && !['created', 'changed', 'deleted', ...custom].includes(kind)) {
    const existing = ['created', 'changed', 'deleted', ...custom].map((each) => `${record.name}.${each}`)
    const message = `Record type "${record.name}" has no event "${event}"`
    reasons.push({ code: 'unknown-event-type', message, found: event, nearest: suggest(event, existing) })
  }
  const atoms: Atom[] = []
  for (const text of attributes) {
    const atom = attempt(text, () => commons.atom(text))
    if (atom === undefined) continue
    atoms.push(atom)
    reasons.push(
      ...verifyNames(atom.names, record, owned, text, suggest),
      ...refusedGrants(fact, text, atom.names, record),
    )
  }
  const filter = pattern === undefined ? undefined : attempt('filter', () => compileFilter(pattern, record, commons))
  if (filter !== undefined) {
    for (const tree of [...filter.trees.after, ...filter.trees.before]) {
      reasons.push(
        ...verifyNames(tree, record, owned, 'filter', suggest),
        ...refusedGrants(fact, 'filter', tree, record),
      )
    }
  }
  const expressions = (subscription.when ? (subscription.selected ?? attributes) : []).flatMap((text) => {
    const expression = attempt(text, () => compileAttribute(text))
    return expression === undefined ? [] : [expression]
  })
  if (reasons.length > 0) return reasons
  const links = new Set(atoms.filter(({ root }) => root === '').flatMap(({ names }) => [...names.names.keys()]))
  return {
    ...commons.selection(atoms),
    filter,
    tenants: tenants === 'all' ? 'all' : new Set(tenants),
    compared: subscription.when && { expressions, links: [...links].filter((name) => record.links.has(name)) },
  }
}

function compileFilter(pattern: Readonly<Record<string, unknown>>, record: OwnedRecord, commons: Commons): Filter {
  const compiled = compilePattern(pattern)
  const { paths, trees } = commons.fields(compiled.paths)
  const laterBefore = trees.before.some(({ names }) => [...names.keys()].some((name) => record.links.has(name)))
  const isLater = (name = ''): boolean => record.links.has(name) || (laterBefore && name === '$before')
  // A filter that the index decides whole is never asked again.
  if (!paths.some(([name]) => isLater(name))) return { whole: undefined, now: pattern, paths, trees }
  return { whole: compiled, now: splitPattern(pattern, isLater).now, paths, trees }
}

function refusedGrants(fact: ListenerFact, path: string, tree: NameTree, record: OwnedRecord): Problem[] {
  const { grant } = record.options
  if (grant === undefined) return []
  const { service, listener } = fact
  return pathsOf(tree, '').flatMap((attribute) => {
    if (grant({ service, listener, attribute })) return []
    return [
      {
        code: 'attribute-denied' as const,
        message: `"${listener}" may not read "${attribute}"`,
        path,
        found: attribute,
      },
    ]
  })
}

function pathsOf(tree: NameTree, prefix: string): string[] {
  return [...tree.names].flatMap(([name, below]) => {
    const path = prefix === '' ? name : `${prefix}.${name}`
    const own = below.value || below.id || below.names.size === 0 ? [path] : []
    return [...own, ...pathsOf(below, path)]
  })
}

/** A reason within the bounds of the wire. */
function plain(problem: Problem): SubscriptionVerdict['reasons'][number] {
  const { nearest, ...rest } = problem
  return { ...rest, message: rest.message.slice(0, 2048), ...(nearest && { nearest: nearest.slice(0, 8) }) }
}
