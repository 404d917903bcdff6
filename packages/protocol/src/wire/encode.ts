import { encodeName } from '../names/names.js'
import type { Audience, WireEvent } from './event.js'

const encoder = new TextEncoder()

/**
 * Writes a WireEvent as CloudEvents 1.0 JSON, structured mode
 * (https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/formats/json-format.md).
 * Extension attributes are texts there, so the audience's users and `missing` are JSON inside a text.
 *
 * @param data the JSON text of `event.data` where the caller has it already; it goes in as it stands
 */
export function encodeEvent(event: WireEvent, data: string = JSON.stringify(event.data)): Uint8Array {
  const head = JSON.stringify({
    specversion: '1.0',
    id: event.id,
    source: encodeName(event.source),
    type: event.type,
    subject: event.subject,
    time: event.time,
    datacontenttype: 'application/json',
    tenantid: event.tenant,
    userid: event.user,
    audience: encodeAudience(event.audience),
    projection: event.projection === '' ? undefined : event.projection,
    missing: event.missing?.length ? JSON.stringify(event.missing) : undefined,
    traceparent: event.traceparent,
  })
  return encoder.encode(`${head.slice(0, -1)},"data":${data}}`)
}

function encodeAudience(audience: Audience | undefined): string | undefined {
  if (audience === undefined || audience === 'service') return undefined
  return audience === 'tenant' ? audience : JSON.stringify(audience)
}
