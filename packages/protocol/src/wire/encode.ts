import { encodeName } from '../names/names.js'
import { remember } from '../names/remember.js'
import type { Audience, WireEvent } from './event.js'

/**
 * Writes a WireEvent as CloudEvents 1.0 JSON, structured mode
 * (https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/formats/json-format.md).
 * Extension attributes are texts there, so the audience's users and `missing` are JSON inside a text.
 *
 * @param data the JSON text of `event.data` where the caller has it already; it goes in as it stands
 */
export function encodeEvent(event: WireEvent, data: string = JSON.stringify(event.data)): Uint8Array {
  return encodeTail(encodeHead(event), event, data)
}

/** Brings a document to its end, as bytes. @param head what `encodeHead` gave for the event @param data JSON text */
export function encodeTail(head: string, { projection, missing }: Tail, data: string): Uint8Array {
  let text = head
  if (projection !== '') text += `,"projection":${quotedProjection(projection)}`
  if (missing !== undefined && missing.length > 0) text += `,"missing":${quote(JSON.stringify(missing))}`
  return toBytes(`${text},"data":${data}}`)
}

// As large as the one that Buffer.from cuts small texts from: a body that is kept keeps no more.
const slabBytes = 8 * 1024
const largestCut = slabBytes / 2
let slab = Buffer.allocUnsafeSlow(slabBytes)
let used = 0

/**
 * Twice as fast as a TextEncoder, and without the second view that `Buffer.from` makes; for Buffer's own ways differ from Uint8Array's,
 * which everybody expects.
 */
function toBytes(text: string): Uint8Array {
  const most = 3 * text.length
  if (most > largestCut) {
    const { buffer, byteOffset, byteLength } = Buffer.from(text)
    return new Uint8Array(buffer, byteOffset, byteLength)
  }
  if (used + most > slabBytes) {
    slab = Buffer.allocUnsafeSlow(slabBytes)
    used = 0
  }
  const bytes = new Uint8Array(slab.buffer, used, slab.write(text, used))
  used += bytes.length
  return bytes
}

type Tail = Pick<WireEvent, 'projection' | 'missing'>
type Head = Omit<WireEvent, 'projection' | 'missing' | 'data'>

/** The beginning of a document, which all bodies of one event have in common: everything but projection, missing and data. */
export function encodeHead({ id, source, type, subject, time, tenant, user, audience, traceparent }: Head): string {
  let head = `{"specversion":"1.0","id":${quote(id)}${origin(source, type)}${quote(subject)}${timeAndForm(time)}`
  if (tenant !== undefined) head += `,"tenantid":${quote(tenant)}`
  if (user !== undefined) head += `,"userid":${quote(user)}`
  if (audience !== undefined && audience !== 'service') head += `,"audience":${quote(encodeAudience(audience))}`
  if (traceparent !== undefined) head += `,"traceparent":${quote(traceparent)}`
  return head
}

const quote = (text: string): string => JSON.stringify(text)
const timeAndForm = remember((time) => `,"time":${quote(time)},"datacontenttype":"application/json"`, 16)
const quotedName = remember((name) => quote(encodeName(name)))
const quotedProjection = remember(quote)

let last = { source: '', type: '', text: '' }

/** Source and type, up to the subject: mostly the same as those of the event before. */
function origin(source: string, type: string): string {
  if (source !== last.source || type !== last.type)
    last = { source, type, text: `,"source":${quotedName(source)},"type":${quote(type)},"subject":` }
  return last.text
}

function encodeAudience(audience: Exclude<Audience, 'service'>): string {
  return audience === 'tenant' ? audience : JSON.stringify(audience)
}
