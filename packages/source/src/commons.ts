import { type Atom, compileAtom } from '@recordcast/protocol/language'
import type { SubscriptionVerdict } from '@recordcast/protocol/requests'
import { fieldTrees } from '@recordcast/protocol/schema'
import type { Images } from './entry.js'
import type { NameTree } from './follow.js'

/** What many subscriptions have in common, made once and shared: most of a crowd asks for the same few things. */
export interface Commons {
  /** An atom by its text. @throws as compileAtom does */
  atom(text: string): Atom
  /** The verdict on a subscription without fault. */
  accepted(event: string): SubscriptionVerdict
  selection(atoms: readonly Atom[]): Selected
  fields(paths: readonly (readonly string[])[]): Fields
}

/** The attributes of a subscription, and what they read of each image. */
export interface Selected {
  readonly atoms: readonly Atom[]
  readonly trees: Images<readonly NameTree[]>
}

/** The fields that a filter reads, and the same as name trees; `$event` and `$changed` need none. */
export interface Fields {
  readonly paths: readonly (readonly string[])[]
  readonly trees: Images<readonly NameTree[]>
}

/** Of each kind; beyond it the oldest is made again when it is asked for. */
const mostRemembered = 10_000

export function createCommons(): Commons {
  const atoms = remember((text) => compileAtom(text))
  const accepted = remember((event): SubscriptionVerdict => ({ event, verdict: 'accepted', reasons: [] }))
  const selections = remember((_, own: readonly Atom[]): Selected => ({ atoms: own, trees: byImage(own) }))
  const fields = remember((_, paths: Fields['paths']): Fields => ({ paths, trees: fieldTrees(paths) }))
  return {
    atom: (text) => atoms(text, undefined),
    accepted: (event) => accepted(event, undefined),
    selection: (own) => selections(JSON.stringify(own.map(({ text }) => text)), own),
    fields: (paths) => fields(JSON.stringify(paths), paths),
  }
}

function remember<T, V>(make: (key: string, of: T) => V): (key: string, of: T) => V {
  const known = new Map<string, V>()
  return (key, of) => {
    const before = known.get(key)
    if (before !== undefined) return before
    const made = make(key, of)
    if (known.size >= mostRemembered) known.delete(known.keys().next().value!)
    known.set(key, made)
    return made
  }
}

function byImage(atoms: readonly Atom[]): Selected['trees'] {
  const of = (root: Atom['root']) => atoms.filter((atom) => atom.root === root).map((atom) => atom.names)
  return { after: of(''), before: of('$before') }
}
