import { compilePattern, readPattern, splitPattern } from '@recordcast/matcher'
import type { Subscription } from '@recordcast/protocol/control'
import { type Problem, toProblem } from '@recordcast/protocol/errors'
import { type Atom, compileAttribute } from '@recordcast/protocol/language'
import type { nearestNames } from '@recordcast/protocol/names'
import { verifyNames } from '@recordcast/protocol/schema'
import type { Announced } from './announced.js'
import type { Commons } from './commons.js'
import type { Compiled, Selected } from './entry.js'
import type { NameTree } from './follow.js'
import type { OwnedRecord, OwnedRecords } from './owned.js'

export interface Judged extends Compiled {
  /** What the index is asked; undefined: every event. */
  readonly pattern: ReturnType<typeof readPattern> | undefined
}

export interface Court {
  readonly owned: OwnedRecords
  readonly commons: Commons
  readonly suggest: typeof nearestNames
}

/*
Attributes and filters that have been found without fault need not be looked at again where someone else asks for the same, unless a record has a
`grant`, which is asked about every listener.
*/

/** What is made of a subscription, or the reasons against it. */
export function judge(
  fact: Announced,
  subscription: Subscription,
  kind: string,
  record: OwnedRecord,
  court: Court,
): Judged | Problem[] {
  const { event, attributes, tenants } = subscription
  const reasons: Problem[] = []
  const { events: custom } = record.options
  if (custom !== undefined && !['created', 'changed', 'deleted', ...custom].includes(kind)) {
    const existing = ['created', 'changed', 'deleted', ...custom].map((each) => `${record.name}.${each}`)
    const message = `Record type "${record.name}" has no event "${event}"`
    reasons.push({ code: 'unknown-event-type', message, found: event, nearest: court.suggest(event, existing) })
  }
  const faultless = court.commons.faultless(record.name).selected
  const selected = faultless.get(attributes) ?? select(fact, attributes, record, court, reasons)
  const { filter, pattern } =
    subscription.filter === undefined ? everything : judgeFilter(fact, subscription.filter, record, court, reasons)
  const compared = subscription.when && compare(subscription, selected, record, reasons)
  if (reasons.length > 0) return reasons
  if (Object.isFrozen(attributes) && record.options.grant === undefined) faultless.set(attributes, selected)
  return {
    selected,
    filter,
    pattern,
    tenants: tenants !== 'all' && tenants.length > fewTenants ? new Set(tenants) : tenants,
    compared,
  }
}

/** Up to so many are looked through one by one, for the room of a set. */
const fewTenants = 16

const everything = { filter: undefined, pattern: undefined }

function select(
  fact: Announced,
  attributes: readonly string[],
  record: OwnedRecord,
  { owned, commons, suggest }: Court,
  reasons: Problem[],
): Selected {
  const atoms: Atom[] = []
  for (const text of attributes) {
    const atom = attempt(reasons, text, () => commons.atom(text))
    if (atom === undefined) continue
    atoms.push(atom)
    reasons.push(
      ...verifyNames(atom.names, record, owned, text, suggest),
      ...refusedGrants(fact, text, atom.names, record),
    )
  }
  return commons.selection(atoms)
}

function judgeFilter(
  fact: Announced,
  given: Readonly<Record<string, unknown>>,
  record: OwnedRecord,
  { owned, commons, suggest }: Court,
  reasons: Problem[],
): Pick<Judged, 'filter' | 'pattern'> {
  const made = attempt(reasons, 'filter', () => makeFilter(given, record, commons))
  if (made === undefined) return everything
  const { filter } = made
  const { filters } = commons.faultless(record.name)
  if (filters.has(filter)) return made
  const before = reasons.length
  for (const tree of [...filter.trees.after, ...filter.trees.before]) {
    reasons.push(...verifyNames(tree, record, owned, 'filter', suggest), ...refusedGrants(fact, 'filter', tree, record))
  }
  if (reasons.length === before && filter.whole === undefined && record.options.grant === undefined) filters.add(filter)
  return made
}

function makeFilter(given: Readonly<Record<string, unknown>>, record: OwnedRecord, commons: Commons) {
  const read = readPattern(given)
  const filter = commons.filter(read.paths)
  if (record.links.size === 0) return { filter, pattern: read }
  const laterBefore = filter.trees.before.some(({ names }) => [...names.keys()].some((name) => record.links.has(name)))
  const isLater = (name = ''): boolean => record.links.has(name) || (laterBefore && name === '$before')
  // A filter that the index decides whole is never asked again.
  if (!filter.paths.some(([name]) => isLater(name))) return { filter, pattern: read }
  const { now } = splitPattern(given, isLater)
  return {
    filter: { ...filter, whole: compilePattern(given), indexed: now !== undefined },
    pattern: now === undefined ? undefined : readPattern(now),
  }
}

function compare(
  { attributes, selected: own = attributes }: Subscription,
  { atoms }: Selected,
  record: OwnedRecord,
  reasons: Problem[],
): Compiled['compared'] {
  const expressions = own.flatMap((text) => attempt(reasons, text, () => compileAttribute(text)) ?? [])
  const links = new Set(atoms.filter(({ root }) => root === '').flatMap(({ names }) => [...names.names.keys()]))
  return { expressions, links: [...links].filter((name) => record.links.has(name)) }
}

function attempt<T>(reasons: Problem[], path: string, make: () => T): T | undefined {
  try {
    return make()
  } catch (error) {
    reasons.push({ ...toProblem(error), path: `${path}${toProblem(error).path ?? ''}` })
    return undefined
  }
}

function refusedGrants(fact: Announced, path: string, tree: NameTree, record: OwnedRecord): Problem[] {
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
