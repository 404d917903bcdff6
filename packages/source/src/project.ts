import { prune } from '@recordcast/matcher'
import { RecordcastError } from '@recordcast/protocol/errors'
import { type Atom, Unavailable } from '@recordcast/protocol/language'
import { type JsonObject, quote } from '@recordcast/protocol/names'
import { encodeHead, type MissingAttribute, toBytes, withTail } from '@recordcast/protocol/wire'
import type { Message } from '@recordcast/transport'
import type { Emitted } from './emitted.js'
import type { Filter } from './entry.js'
import { countLinks, type Following } from './follow.js'
import { filterView, isUnavailable, type Loaded, loadedImages } from './match.js'
import type { Body, Plan } from './plan.js'

/** One body and the queues that get it. */
export interface Projection {
  readonly queues: readonly string[]
  readonly message: Message
}

/*
The attributes of all matched listeners are loaded together, once. Then each distinct set of atoms is one projection: encoded once, shared by every
queue with that set. An atom's JSON is made once an event, whatever the number of projections that carry it.

A queue on which several sets stand gets the header `wanted`, naming the sets that want the event, so that an instance can tell whether a message is its own.
When a filter could not be decided the data carries `$filter` instead, the event cut down to what the filters read, and each instance decides by itself.
*/
/** Gives a promise only if something has to be loaded. */
export function project(
  emitted: Emitted,
  plan: Plan,
  following: Following,
): readonly Projection[] | Promise<readonly Projection[]> {
  const images = loadedImages(emitted, [plan], following)
  const finish = (loaded: Loaded): readonly Projection[] => encodeAll(emitted, plan, loaded, following)
  return images instanceof Promise ? images.then(finish) : finish(images)
}

function encodeAll(emitted: Emitted, plan: Plan, loaded: Loaded, { owned }: Following): readonly Projection[] {
  const { after, before } = loaded
  if (emitted.record.links.size > 0) {
    for (const [trees, entries] of plan.readers) {
      const linked = countLinks(after, emitted.record, trees, owned)
      for (const { counts } of entries) counts.linked += linked
    }
  }
  const context = before === undefined ? { changed: emitted.changed } : { before, changed: emitted.changed }
  const values = plan.atoms.map((atom) => encodeAtom(atom, after, context))
  const members = values.map((json, at) => (typeof json === 'string' ? plan.furtherKeys[at]! + json : ''))
  const head = encodeHead(emitted)
  const pieces = { values, members, head }
  const encoded = toBytes(plan.bodies.map((body) => documentFor(body, plan, pieces, emitted, loaded)))
  const { id } = emitted
  return plan.bodies.map(({ queues, headers }, at) => ({ queues, message: { id, body: encoded[at]!, headers } }))
}

/** What all bodies of an event are put together from. */
interface Pieces {
  /** Of each atom of the plan, as JSON. */
  readonly values: readonly (string | Unavailable)[]
  /** The same with its key, and a comma before it. */
  readonly members: readonly string[]
  readonly head: string
}

/** The text of a body. */
function documentFor(
  body: Body,
  plan: Plan,
  { values, members, head }: Pieces,
  emitted: Emitted,
  loaded: Loaded,
): string {
  let missing: MissingAttribute[] | undefined
  let data = ''
  for (const at of body.atoms) {
    const json = values[at]!
    if (typeof json === 'string') data = data === '' ? plan.keys[at]! + json : data + members[at]
    else {
      missing ??= []
      missing.push({ path: plan.atoms[at]!.text, code: json.code, message: json.message })
    }
  }
  const filter = body.undecided.length === 0 ? undefined : encodeFilter(body.undecided, emitted, loaded)
  if (filter !== undefined) {
    data += `${data === '' ? '' : ','}"$filter":${filter.json}`
    if (filter.lacking !== undefined) missing = [...(missing ?? []), filter.lacking]
  }
  return withTail(head, body.projection, missing, `{${data}}`)
}

/** What undecided filters read of the event, so that the listeners can decide. */
function encodeFilter(undecided: readonly Filter[], emitted: Emitted, { after, before }: Loaded) {
  const paths = undecided.flatMap((each) => each.paths)
  const json = JSON.stringify(prune(filterView(emitted, after, before, undecided), paths))
  if (!paths.some((path) => isUnavailable(path, after, before))) return { json, lacking: undefined }
  const message = 'A link that the filter reads could not be loaded'
  return { json, lacking: { path: '$filter', code: 'loader-failed', message } }
}

/** An atom's value as JSON text. */
export function encodeAtom(atom: Atom, after: JsonObject, context: Parameters<Atom['read']>[1]): string | Unavailable {
  const value = atom.read(after, context)
  if (typeof value === 'string') return quote(value)
  if (value instanceof Unavailable) return value
  try {
    return JSON.stringify(value) ?? 'null'
  } catch (error) {
    return new Unavailable('loader-invalid-result', `${atom.text} is no JSON data: ${String(error)}`.slice(0, 1024))
  }
}

/** What an emitter is told of a body that is too large. */
export function tooLarge({ message }: Projection, largest: number): RecordcastError {
  const { data } = JSON.parse(new TextDecoder().decode(message.body)) as { data: JsonObject }
  const sizes = Object.entries(data).map(([name, value]) => [name, JSON.stringify(value).length] as const)
  const top = sizes.sort((a, b) => b[1] - a[1]).slice(0, 3)
  const parts = top.map(([name, bytes]) => `${name} ${bytes}`).join(', ')
  const sentence = `The event is ${message.body.length} bytes long; the transport takes ${largest}. Largest attributes: ${parts}`
  return new RecordcastError('payload-too-large', sentence, { found: parts, expected: `at most ${largest} bytes` })
}
