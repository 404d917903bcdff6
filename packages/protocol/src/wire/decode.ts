import { RecordcastError } from '../errors/errors.js'
import { deepestJson, isJsonObject, type JsonObject, parseJson } from '../names/json.js'
import { encodeName } from '../names/names.js'
import { remember } from '../names/remember.js'
import type { Audience, MissingAttribute, WireEvent } from './event.js'

/**
 * Reads what `encodeEvent` or any CloudEvents producer wrote. Extension attributes that Recordcast does not know are passed over.
 *
 * @throws RecordcastError undecodable (not UTF-8, not JSON, too deep, an attribute missing or of the wrong type: `path` says which),
 *   unsupported-version (a specversion other than 1.x). Neither can succeed on a second try.
 */
export function decodeEvent(body: Uint8Array): WireEvent {
  let document: unknown
  try {
    document = parseJson(body)
  } catch (cause) {
    throw new RecordcastError('undecodable', `The body is not JSON in UTF-8 of at most ${deepestJson} levels`, {
      path: '',
      found: cause,
      expected: 'a CloudEvents 1.0 JSON document',
      cause,
    })
  }
  if (!isJsonObject(document)) throw undecodable('', document, 'a CloudEvents 1.0 JSON document')
  const version = text(document, 'specversion')
  if (!/^1\.\d+$/.test(version)) {
    throw new RecordcastError('unsupported-version', `CloudEvents ${version} is not understood here`, {
      path: '/specversion',
      found: version,
      expected: '1.0',
    })
  }
  const data = own(document, 'data')
  if (!isJsonObject(data)) throw undecodable('/data', data, 'an object of canonical path to value')
  const event: Writable<WireEvent> = {
    id: text(document, 'id'),
    source: decodeSource(text(document, 'source')),
    type: text(document, 'type'),
    subject: text(document, 'subject'),
    time: time(document),
    projection: optionalText(document, 'projection') ?? '',
    data,
  }
  const tenant = optionalText(document, 'tenantid')
  if (tenant !== undefined) event.tenant = tenant
  const user = optionalText(document, 'userid')
  if (user !== undefined) event.user = user
  const audience = decodeAudience(optionalText(document, 'audience'))
  if (audience !== undefined) event.audience = audience
  const missing = decodeMissing(optionalText(document, 'missing'))
  if (missing !== undefined) event.missing = missing
  const traceparent = optionalText(document, 'traceparent')
  if (traceparent !== undefined) event.traceparent = traceparent
  return event
}

type Writable<T> = { -readonly [K in keyof T]: T[K] }

function undecodable(path: string, found: unknown, expected: string): RecordcastError {
  const where = path === '' ? 'The document' : path
  return new RecordcastError('undecodable', `${where} is not ${expected}`, { path, found, expected })
}

const own = (object: JsonObject, key: string): unknown => (Object.hasOwn(object, key) ? object[key] : undefined)

function text(document: JsonObject, key: string): string {
  const value = own(document, key)
  if (typeof value !== 'string' || value === '') throw undecodable(`/${key}`, value, 'a text that is not empty')
  return value
}

function optionalText(document: JsonObject, key: string): string | undefined {
  const value = own(document, key)
  return value === undefined || value === null ? undefined : text(document, key)
}

const rfc3339 = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)$/i

/** RFC 3339, brought to UTC where a foreign producer wrote another offset. */
function time(document: JsonObject): string {
  const value = text(document, 'time')
  const read = readTime(value)
  if (read === '') throw undecodable('/time', value, 'a time as in RFC 3339')
  return read
}

/** '' for what is no time. Many events of one millisecond come one after the other, and one event comes to many listeners. */
const readTime = remember((value) => {
  if (!rfc3339.test(value) || Number.isNaN(Date.parse(value))) return ''
  return value.endsWith('Z') ? value : new Date(value).toISOString()
}, 16)

/** Undoes encodeName; a foreign producer's URI stays as it is, so that no two sources fall together. */
const decodeSource = remember((value) => {
  try {
    const name = decodeURIComponent(value)
    return encodeName(name) === value ? name : value
  } catch {
    return value
  }
})

function decodeAudience(value: string | undefined): Audience | undefined {
  if (value === undefined || value === 'service' || value === 'tenant') return value
  const users = nested('/audience', value)
  if (Array.isArray(users) && users.every((user) => typeof user === 'string')) return users
  throw undecodable('/audience', value, '"service", "tenant" or a list of user ids')
}

function decodeMissing(value: string | undefined): MissingAttribute[] | undefined {
  if (value === undefined) return undefined
  const expected = 'a list of {path, code, message}'
  const list = nested('/missing', value)
  if (!Array.isArray(list)) throw undecodable('/missing', value, expected)
  return list.map((entry: unknown) => {
    if (!isJsonObject(entry)) throw undecodable('/missing', value, expected)
    const [path, code, message] = [own(entry, 'path'), own(entry, 'code'), own(entry, 'message') ?? '']
    if (typeof path === 'string' && typeof code === 'string' && typeof message === 'string') {
      return { path, code, message }
    }
    throw undecodable('/missing', value, expected)
  })
}

function nested(path: string, value: string): unknown {
  try {
    return JSON.parse(value)
  } catch {
    throw undecodable(path, value, 'JSON in a text')
  }
}
