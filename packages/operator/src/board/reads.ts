import { compilePattern } from '@recordcast/matcher'
import type { Subscription } from '@recordcast/protocol/control'
import { type Atom, compileAtom, compileSelection } from '@recordcast/protocol/language'

/** One way in which a subscription reads an attribute. */
export interface Read {
  readonly as: 'payload' | 'filter' | 'compared'
  /** As it was written: an atom, an expression, or the dotted field of a filter. */
  readonly expression: string
  /** 'record': the record before or after the change; 'event': what belongs to the event itself. */
  readonly root: 'record' | 'event'
  /** Names from the root on. */
  readonly path: readonly string[]
  /** Whether the value that stands at the path is taken whole, with whatever is in it. */
  readonly whole: boolean
}

type Names = Atom['names']

const known = new WeakMap<Subscription, readonly Read[]>()
const mostAtoms = 20_000
const atoms = new Map<string, Atom | undefined>()

/** Everything that a subscription reads. What cannot be read as an expression, which every source refuses, is left out. */
export function readsOf(subscription: Subscription): readonly Read[] {
  const made = known.get(subscription) ?? collect(subscription)
  known.set(subscription, made)
  return made
}

function collect({ attributes, filter, when, selected }: Subscription): readonly Read[] {
  const compared = when === undefined ? [] : (selected ?? attributes)
  return [
    ...attributes.flatMap((text) => ofAtom('payload', text, text)),
    ...(filter === undefined ? [] : ofFilter(filter)),
    ...compared.flatMap((text) => atomsOf(text).flatMap((atom) => ofAtom('compared', text, atom))),
  ]
}

function ofAtom(as: Read['as'], expression: string, text: string): Read[] {
  const atom = compiled(text)
  if (atom === undefined) return []
  const root = atom.root === '' || atom.root === '$before' ? 'record' : 'event'
  return pathsOf(atom.names, []).map(({ path, whole }) => ({ as, expression, root, path, whole }))
}

function ofFilter(pattern: Readonly<Record<string, unknown>>): Read[] {
  return attempt(() => compilePattern(pattern).paths, []).map((names) => {
    const [first = '', ...rest] = names
    const expression = names.join('.')
    const isEvent = first === '$event' || first === '$changed'
    const path = isEvent || first === '$before' ? rest : names
    return { as: 'filter', expression, root: isEvent ? 'event' : 'record', path, whole: false }
  })
}

function pathsOf(names: Names, prefix: readonly string[]): { path: readonly string[]; whole: boolean }[] {
  return [...names.names].flatMap(([name, below]) => {
    const path = [...prefix, name]
    const own = below.value || below.id || below.names.size === 0 ? [{ path, whole: below.value }] : []
    return [...own, ...pathsOf(below, path)]
  })
}

function atomsOf(text: string): readonly string[] {
  return attempt(() => compileSelection([text]).atoms, [])
}

function compiled(text: string): Atom | undefined {
  if (atoms.has(text)) return atoms.get(text)
  if (atoms.size >= mostAtoms) atoms.clear()
  const atom = attempt(() => compileAtom(text), undefined)
  atoms.set(text, atom)
  return atom
}

function attempt<T>(make: () => T, otherwise: T): T {
  try {
    return make()
  } catch {
    return otherwise
  }
}
