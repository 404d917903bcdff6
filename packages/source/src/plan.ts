import type { Atom } from '@recordcast/protocol/language'
import { eventContentType } from '@recordcast/protocol/wire'
import type { Message } from '@recordcast/transport'
import type { Directory, Topic } from './directory.js'
import type { Entry, Filter, Images } from './entry.js'
import type { NameTree } from './follow.js'
import type { Wanting } from './match.js'
import { isUndecided, type Portion, shapeOf } from './shape.js'

/** All that who wants an event decides about its bodies; only the values are lacking. */
export interface Plan {
  readonly wanting: readonly Wanting[]
  /** Of those who want it, in the same order. */
  readonly entries: readonly Entry[]
  /** Of all of them, sorted; frozen, for whoever emits gets it. */
  readonly queues: readonly string[]
  /** What has to be read of each image, by attributes and undecided filters. */
  readonly trees: Images<readonly NameTree[]>
  /** Entries by what they read of the record, since most of a crowd read the same. */
  readonly readers: ReadonlyMap<readonly NameTree[], readonly Entry[]>
  /** All atoms, each once. */
  readonly atoms: readonly Atom[]
  /** The text of each as a key of JSON, colon included. */
  readonly keys: readonly string[]
  /** The same behind a comma. */
  readonly furtherKeys: readonly string[]
  readonly bodies: readonly Body[]
}

/** One body, the same for several queues. */
export interface Body {
  readonly queues: readonly string[]
  readonly projection: string
  readonly headers: Message['headers']
  /** Where its atoms stand in the plan's list. */
  readonly atoms: readonly number[]
  /** Filters that the listeners have to decide. */
  readonly undecided: readonly Filter[]
}

const usualHeaders: Message['headers'] = Object.freeze({ 'content-type': eventContentType })
const mostRemembered = 8

/*
Most events of a type are wanted by the same listeners as one just before: with few filters all of them. So the last plans are kept a topic, and one
is taken again for exactly the same entries if nothing in the directory has changed since. Undecided filters make a plan that is used once.
*/
const remembered = new WeakMap<Topic, { readonly version: number; readonly plans: Plan[] }>()

export function planFor(wanting: readonly Wanting[], topic: Topic, directory: Directory): Plan {
  const entries = wanting.map(({ entry }) => entry)
  if (wanting.some(({ perhaps }) => perhaps)) return makePlan(wanting, entries, directory)
  return usualPlan(entries, topic, directory)
}

/** The plan for entries that all want the event for certain. */
export function usualPlan(entries: readonly Entry[], topic: Topic, directory: Directory): Plan {
  let known = remembered.get(topic)
  if (known === undefined || known.version !== directory.version) {
    known = { version: directory.version, plans: [] }
    remembered.set(topic, known)
  }
  const { plans } = known
  for (const plan of plans) if (isFor(plan, entries)) return plan
  const wanting = entries.map((entry) => ({ entry, perhaps: false }))
  const plan = makePlan(wanting, entries, directory)
  if (plans.length >= mostRemembered) plans.pop()
  plans.unshift(plan)
  return plan
}

function isFor({ entries: own }: Plan, entries: readonly Entry[]): boolean {
  if (own === entries) return true
  if (own.length !== entries.length) return false
  for (let at = 0; at < entries.length; at++) if (own[at] !== entries[at]) return false
  return true
}

function makePlan(wanting: readonly Wanting[], entries: readonly Entry[], directory: Directory): Plan {
  const portions = portionsOf(wanting, directory)
  const needed = [...new Set(portions.flatMap(({ siblings }) => siblings))]
  const filters = filtersOf(portions.filter(isUndecided))
  const atoms = new Map<string, { readonly atom: Atom; readonly at: number }>()
  const place = (atom: Atom): number => {
    const known = atoms.get(atom.text) ?? { atom, at: atoms.size }
    atoms.set(atom.text, known)
    return known.at
  }
  const byShape = grouped(portions, (portion) => shapeOf(portion).key)
  const bodies = [...byShape.values()].map((sharing): Body => {
    const shape = shapeOf(sharing[0]!)
    return {
      queues: sharing.map(({ queue }) => queue),
      projection: shape.projection,
      headers: shape.wanted === undefined ? usualHeaders : Object.freeze({ ...usualHeaders, wanted: shape.wanted }),
      atoms: shape.atoms.map(place),
      undecided: sharing.some(isUndecided) ? filtersOf(sharing) : [],
    }
  })
  const treesOf = (image: keyof Images<unknown>): NameTree[] => [
    ...new Set([...needed, ...filters].flatMap(({ trees }) => trees[image])),
  ]
  const keys = Array.from(atoms.keys(), (text) => `${JSON.stringify(text)}:`)
  return {
    wanting,
    entries,
    queues: Object.freeze(portions.map(({ queue }) => queue).sort()),
    trees: { after: treesOf('after'), before: treesOf('before') },
    readers: grouped(entries, ({ trees }) => trees.after),
    atoms: [...atoms.values()].map(({ atom }) => atom),
    keys,
    furtherKeys: keys.map((key) => `,${key}`),
    bodies,
  }
}

function portionsOf(wanting: readonly Wanting[], directory: Directory): Portion[] {
  const queues = grouped(wanting, ({ entry }) => entry.fact.queue)
  return [...queues].map(([queue, own]) => ({ queue, wanting: own, siblings: directory.siblings(own[0]!.entry) }))
}

const filtersOf = (portions: readonly Portion[]): Filter[] =>
  portions.flatMap(({ siblings }) => siblings.flatMap(({ filter }) => filter ?? []))

function grouped<T, K>(list: readonly T[], by: (item: T) => K): Map<K, T[]> {
  const groups = new Map<K, T[]>()
  for (const item of list) {
    const key = by(item)
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [item])
    else group.push(item)
  }
  return groups
}
