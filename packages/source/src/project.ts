import { prune } from '@recordcast/matcher'
import { RecordcastError } from '@recordcast/protocol/errors'
import { type Atom, Unavailable } from '@recordcast/protocol/language'
import type { JsonObject } from '@recordcast/protocol/names'
import { encodeEvent, eventContentType, type MissingAttribute } from '@recordcast/protocol/wire'
import type { Message } from '@recordcast/transport'
import type { Directory } from './directory.js'
import type { Emitted } from './emitted.js'
import { countLinks, type Following } from './follow.js'
import { filterView, isUnavailable, loadedImages, type Wanting } from './match.js'
import { isUndecided, type Portion, type Shape, shapeOf } from './shape.js'

/** One body and the queues that get it. */
export interface Projection {
  readonly queues: readonly string[]
  readonly message: Message
  /** Bytes of each attribute's JSON, for the error of a body that is too large. */
  readonly sizes: ReadonlyMap<string, number>
}

/*
The attributes of all matched listeners are loaded together, once. Then each distinct set of atoms is one projection: encoded once, shared by every
queue with that set. An atom's JSON is made once an event, whatever the number of projections that carry it.

A queue on which several sets stand gets the header `wanted`, naming the sets that want the event, so that an instance can tell whether a message is its own.
When a filter could not be decided the data carries `$filter` instead, the event cut down to what the filters read, and each instance decides by itself.
*/
export async function project(
  emitted: Emitted,
  wanting: readonly Wanting[],
  directory: Directory,
  following: Following,
): Promise<Projection[]> {
  const portions = portionsOf(wanting, directory)
  const undecided = portions.filter(isUndecided)
  const filters = undecided.flatMap(({ siblings }) => siblings.flatMap(({ filter }) => filter ?? []))
  const needed = [...new Set(portions.flatMap(({ siblings }) => siblings))]
  const images = loadedImages(emitted, [...needed, ...filters], following)
  const { after, before } = images instanceof Promise ? await images : images
  for (const { entry } of wanting) {
    entry.counts.linked += countLinks(after, emitted.record, entry.trees.after, following.owned)
  }
  const context = { ...(before && { before }), changed: emitted.changed }
  const read = memoize((atom: Atom) => encodeAtom(atom, after, context))
  const shapes = new Map<string, { readonly portions: Portion[]; readonly shape: Shape }>()
  for (const portion of portions) {
    const shape = shapeOf(portion)
    const sharing = shapes.get(shape.key)
    if (sharing === undefined) shapes.set(shape.key, { portions: [portion], shape })
    else sharing.portions.push(portion)
  }
  return [...shapes.values()].map(({ portions: sharing, shape: { atoms, wanted, projection } }) => {
    const missing: MissingAttribute[] = []
    const parts: string[] = []
    const sizes = new Map<string, number>()
    const add = (name: string, json: string): void => {
      parts.push(`${JSON.stringify(name)}:${json}`)
      sizes.set(name, json.length)
    }
    for (const atom of atoms) {
      const json = read(atom)
      if (json instanceof Unavailable) missing.push({ path: atom.text, code: json.code, message: json.message })
      else add(atom.text, json)
    }
    const doubtful = sharing.some(isUndecided)
      ? sharing.flatMap(({ siblings }) => siblings.flatMap(({ filter }) => filter ?? []))
      : []
    if (doubtful.length > 0) {
      const paths = doubtful.flatMap((filter) => filter.paths)
      add('$filter', JSON.stringify(prune(filterView(emitted, after, before, doubtful), paths)))
      if (paths.some((path) => isUnavailable(path, after, before))) {
        missing.push({
          path: '$filter',
          code: 'loader-failed',
          message: 'A link that the filter reads could not be loaded',
        })
      }
    }
    const body = encodeEvent({ ...emitted, projection, missing, data: {} }, `{${parts.join(',')}}`)
    const headers = { 'content-type': eventContentType, ...(wanted !== undefined && { wanted }) }
    return { queues: sharing.map(({ queue }) => queue), message: { id: emitted.id, body, headers }, sizes }
  })
}

function portionsOf(wanting: readonly Wanting[], directory: Directory): Portion[] {
  const queues = new Map<string, Wanting[]>()
  for (const each of wanting) {
    const { queue } = each.entry.fact
    queues.set(queue, [...(queues.get(queue) ?? []), each])
  }
  return [...queues].map(([queue, own]) => ({ queue, wanting: own, siblings: directory.siblings(own[0]!.entry) }))
}

function memoize(encode: (atom: Atom) => string | Unavailable): (atom: Atom) => string | Unavailable {
  const known = new Map<string, string | Unavailable>()
  return (atom) => {
    const before = known.get(atom.text)
    if (before !== undefined) return before
    const json = encode(atom)
    known.set(atom.text, json)
    return json
  }
}

/** An atom's value as JSON text. */
export function encodeAtom(atom: Atom, after: JsonObject, context: Parameters<Atom['read']>[1]): string | Unavailable {
  const value = atom.read(after, context)
  if (value instanceof Unavailable) return value
  try {
    return JSON.stringify(value) ?? 'null'
  } catch (error) {
    return new Unavailable('loader-invalid-result', `${atom.text} is no JSON data: ${String(error)}`.slice(0, 1024))
  }
}

/** What an emitter is told of a body that is too large. */
export function tooLarge({ message, sizes }: Projection, largest: number): RecordcastError {
  const top = [...sizes].sort((a, b) => b[1] - a[1]).slice(0, 3)
  const parts = top.map(([name, bytes]) => `${name} ${bytes}`).join(', ')
  const sentence = `The event is ${message.body.length} bytes long; the transport takes ${largest}. Largest attributes: ${parts}`
  return new RecordcastError('payload-too-large', sentence, { found: parts, expected: `at most ${largest} bytes` })
}
