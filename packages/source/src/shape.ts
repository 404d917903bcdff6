import { type Atom, digestOf, unionOf } from '@recordcast/protocol/language'
import type { Entry } from './entry.js'
import type { Wanting } from './match.js'

/** What one queue gets: decided before anything is loaded. */
export interface Portion {
  readonly queue: string
  readonly wanting: readonly Wanting[]
  /** All sets on the queue that subscribed to the type: while a deploy rolls, the event carries what any of them needs. */
  readonly siblings: readonly Entry[]
}

/** The form of a body. Portions of one key share it. */
export interface Shape {
  readonly key: string
  /** The header that names the sets which want the event, where several stand on the queue. */
  readonly wanted: string | undefined
  readonly atoms: readonly Atom[]
  /** Digest of the atoms. */
  readonly projection: string
}

/** Whether a filter could not be decided, so that the listener has to. */
export const isUndecided = ({ wanting }: Portion): boolean => wanting.some(({ perhaps }) => perhaps)

/** The usual case, one set alone on its queue, has the same shape for every event. */
const usual = new WeakMap<Entry, Shape>()

export function shapeOf(portion: Portion): Shape {
  const { siblings, wanting } = portion
  const [only, other] = siblings
  if (only === undefined || other !== undefined || only !== wanting[0]?.entry || isUndecided(portion))
    return make(portion)
  const known = usual.get(only) ?? make(portion)
  usual.set(only, known)
  return known
}

function make(portion: Portion): Shape {
  const { siblings, wanting } = portion
  const undecided = isUndecided(portion)
  const several = siblings.length > 1 || siblings[0]?.key !== wanting[0]?.entry.key
  const wanted = several && !undecided ? wanting.map(({ entry }) => entry.fact.set).join(',') : undefined
  const byText = new Map(siblings.flatMap(({ atoms }) => atoms.map((atom) => [atom.text, atom] as const)))
  const texts = unionOf([...byText.keys()])
  const filters = undecided ? siblings.map(({ filter }) => filter?.paths ?? []) : ''
  const key = JSON.stringify([texts, wanted ?? '', filters])
  return { key, wanted, atoms: texts.map((text) => byText.get(text)!), projection: digestOf(texts) }
}
