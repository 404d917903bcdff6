import { encodeName } from '../names/names.js'
import { quote } from '../names/quote.js'
import { remember } from '../names/remember.js'
import type { Audience, WireEvent } from './event.js'
import { toBytes } from './to-bytes.js'

/**
 * Writes a WireEvent as CloudEvents 1.0 JSON, structured mode
 * (https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/formats/json-format.md).
 * Extension attributes are texts there, so the audience's users and `missing` are JSON inside a text.
 *
 * @param data the JSON text of `event.data` where the caller has it already; it goes in as it stands
 */
export function encodeEvent(event: WireEvent, data: string = JSON.stringify(event.data)): Uint8Array {
  return toBytes([withTail(encodeHead(event), event.projection, event.missing, data)])[0]!
}

/** A whole document. @param head what `encodeHead` gave for the event @param data JSON text */
export function withTail(
  head: string,
  projection: string,
  missing: WireEvent['missing'] | undefined,
  data: string,
): string {
  const lacking = missing === undefined || missing.length === 0 ? '' : `,"missing":${quote(JSON.stringify(missing))}`
  return `${head}${lacking}${projectionToData(projection)}${data}}`
}

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

const timeAndForm = remember((time) => `,"time":${quote(time)},"datacontenttype":"application/json"`, 16)
const quotedName = remember((name) => quote(encodeName(name)))
const projectionToData = remember((text) => `${text === '' ? '' : `,"projection":${quote(text)}`},"data":`)

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
