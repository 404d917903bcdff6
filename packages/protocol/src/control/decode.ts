import type { z } from 'zod'
import { RecordcastError } from '../errors/errors.js'
import { deepestJson, encodeJson, isJsonObject, parseJson } from '../names/json.js'
import { listenerFactSchema, protocolVersion } from './facts.js'
import { plainListenerFact } from './plain-fact.js'

/** Largest announcement of a listener in bytes. A source's carries JSON Schemas and may be sixteen times as large. */
const largestAnnouncement = 64 * 1024
export const largestSourceAnnouncement = 16 * largestAnnouncement

/**
 * Reads a control message. What does not parse throws; callers set it aside, count it and show it, as an announcement from
 * the network must never stop them.
 *
 * @throws RecordcastError announcement-too-large, announcement-unsupported-version (a higher `v`), announcement-invalid
 */
export function decodeControl<T>(schema: z.ZodType<T>, bytes: Uint8Array, largest = largestAnnouncement): T {
  if (bytes.length > largest) throw tooLarge(bytes.length, largest)
  const document = parse(bytes)
  const version = isJsonObject(document) && Object.hasOwn(document, 'v') ? document.v : undefined
  if (typeof version === 'number' && version > protocolVersion) {
    throw new RecordcastError(
      'announcement-unsupported-version',
      `A control message speaks protocol ${version}; this release understands ${protocolVersion}`,
      { path: '/v', found: version, expected: `1 to ${protocolVersion}` },
    )
  }
  const plain = (schema as unknown) === listenerFactSchema && isJsonObject(document) && plainListenerFact(document)
  if (plain) return plain as T
  const parsed = schema.safeParse(document, { reportInput: true })
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  const expected = issue?.message ?? 'a control message'
  const path = (issue?.path ?? []).map((step) => `/${String(step).replace(/~/g, '~0').replace(/\//g, '~1')}`).join('')
  throw new RecordcastError('announcement-invalid', `A control message is malformed at "${path}": ${expected}`, {
    path,
    found: issue?.input,
    expected,
  })
}

function parse(bytes: Uint8Array): unknown {
  try {
    return parseJson(bytes)
  } catch (cause) {
    const expected = `JSON in UTF-8 of at most ${deepestJson} levels`
    throw new RecordcastError('announcement-invalid', `A control message is not ${expected}`, {
      path: '',
      found: cause,
      expected,
      cause,
    })
  }
}

/** Writes a control message. @throws RecordcastError announcement-too-large */
export function encodeControl(message: object, largest = largestAnnouncement): Uint8Array {
  const bytes = encodeJson(message)
  if (bytes.length > largest) throw tooLarge(bytes.length, largest)
  return bytes
}

function tooLarge(actual: number, largest: number): RecordcastError {
  const sentence = `A control message is ${actual} bytes long; at most ${largest} are taken`
  return new RecordcastError('announcement-too-large', sentence, {
    path: '',
    found: actual,
    expected: `at most ${largest} bytes: fewer or shorter attributes, filters or schemas`,
  })
}
