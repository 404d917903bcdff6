import { type Atom, compileAtom } from '@recordcast/protocol/language'
import type { SubscriptionVerdict } from '@recordcast/protocol/requests'
import { fieldTrees } from '@recordcast/protocol/schema'
import type { Filter, Selected } from './entry.js'

/** What many subscriptions have in common, made once and shared: most of a crowd asks for the same few things. */
export interface Commons {
  /** An atom by its text. @throws as compileAtom does */
  atom(text: string): Atom
  /** The verdict on a subscription without fault, and the same as that of a fact which holds no other. */
  accepted(event: string): SubscriptionVerdict
  acceptedAlone(event: string): readonly SubscriptionVerdict[]
  selection(atoms: readonly Atom[]): Selected
  /** A filter that reads these fields and that the index decides whole. */
  filter(paths: Filter['paths']): Filter
  /** What has been found without fault for records of a type, where it is the same for every listener. */
  faultless(record: string): Faultless
}

export interface Faultless {
  /** By lists that are shared, as whoever reads announcements shares them. */
  readonly selected: WeakMap<readonly string[], Selected>
  readonly filters: WeakSet<Filter>
}

/** Of each kind, so many of late; as many before them are forgotten at once, which costs less than one by one. */
const mostRemembered = 5_000

export function createCommons(): Commons {
  const atoms = remember((text) => compileAtom(text))
  const accepted = remember((event): readonly [SubscriptionVerdict] => [{ event, verdict: 'accepted', reasons: [] }])
  const selections = remember((_, own: readonly Atom[]): Selected => ({ atoms: own, trees: byImage(own) }))
  const filters = remember(
    (_, paths: Filter['paths']): Filter => ({ whole: undefined, indexed: true, paths, trees: fieldTrees(paths) }),
  )
  const faultless = remember((): Faultless => ({ selected: new WeakMap(), filters: new WeakSet() }))
  return {
    atom: (text) => atoms(text, undefined),
    accepted: (event) => accepted(event, undefined)[0],
    acceptedAlone: (event) => accepted(event, undefined),
    selection: (own) => selections(JSON.stringify(own.map(({ text }) => text)), own),
    filter: (paths) => filters(JSON.stringify(paths), paths),
    faultless: (record) => faultless(record, undefined),
  }
}

function remember<T, V>(make: (key: string, of: T) => V): (key: string, of: T) => V {
  let known = new Map<string, V>()
  let before = new Map<string, V>()
  return (key, of) => {
    const kept = known.get(key)
    if (kept !== undefined) return kept
    const made = before.get(key) ?? make(key, of)
    if (known.size >= mostRemembered) {
      before = known
      known = new Map()
    }
    known.set(key, made)
    return made
  }
}

function byImage(atoms: readonly Atom[]): Selected['trees'] {
  const of = (root: Atom['root']) => atoms.filter((atom) => atom.root === root).map((atom) => atom.names)
  return { after: of(''), before: of('$before') }
}
