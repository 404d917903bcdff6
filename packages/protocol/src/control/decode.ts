import type { z } from 'zod'
import { RecordcastError } from '../errors/errors.js'
import { encodeJson, isJsonObject, parseJson } from '../names/json.js'
import { protocolVersion } from './facts.js'

/** Largest announcement of a listener in bytes. A source's carries JSON Schemas and may be sixteen times as large. */
export const largestAnnouncement = 64 * 1024
export const largestSourceAnnouncement = 16 * largestAnnouncement

/**
 * Reads a control message. What does not parse throws; callers set it aside, count it and show it, as an announcement from
 * the network must never stop them.
 *
 * @throws RecordcastError announcement-too-large, announcement-unsupported-version (a higher `v`), announcement-invalid
 */
export function decodeControl<T>(schema: z.ZodType<T>, bytes: Uint8Array, largest = largestAnnouncement): T {
  if (bytes.length > largest) throw tooLarge(bytes.length, largest)
  let document: unknown
  try {
    document = parseJson(bytes)
  } catch (cause) {
    throw new RecordcastError('announcement-invalid', 'A control message is not JSON in UTF-8', { path: '', cause })
  }
  if (isJsonObject(document) && typeof document.v === 'number' && document.v > protocolVersion) {
    throw new RecordcastError(
      'announcement-unsupported-version',
      `A control message speaks protocol ${document.v}; this release understands ${protocolVersion}`,
      { path: '/v', found: document.v, expected: `1 to ${protocolVersion}` },
    )
  }
  const parsed = schema.safeParse(document)
  if (parsed.success) return parsed.data
  const issue = parsed.error.issues[0]
  const path = (issue?.path ?? [])
    .map((step) => `/${String(step).replaceAll('~', '~0').replaceAll('/', '~1')}`)
    .join('')
  throw new RecordcastError('announcement-invalid', `A control message is malformed at "${path}": ${issue?.message}`, {
    path,
    expected: issue?.message ?? 'a control message',
  })
}

/** Writes a control message. @throws RecordcastError announcement-too-large */
export function encodeControl(message: object, largest = largestAnnouncement): Uint8Array {
  const bytes = encodeJson(message)
  if (bytes.length > largest) throw tooLarge(bytes.length, largest)
  return bytes
}

function tooLarge(actual: number, largest: number): RecordcastError {
  const sentence = `An announcement is ${actual} bytes long; at most ${largest} are taken`
  return new RecordcastError('announcement-too-large', sentence, {
    found: actual,
    expected: `at most ${largest} bytes: fewer or shorter attributes, filters or schemas`,
  })
}
