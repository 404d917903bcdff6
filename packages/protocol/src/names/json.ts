/** A JSON object as it comes out of JSON.parse: read own properties only. */
export type JsonObject = { readonly [key: string]: unknown }

export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Levels of objects and lists that a document from the network may have: what is deeper parses, and then breaks whoever walks it. */
export const deepestJson = 256

// A byte order mark stays, and is no JSON: RFC 8259 has none.
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
const encoder = new TextEncoder()

/** Bytes to JSON. Throws SyntaxError, TypeError or RangeError; callers say what the bytes should have been. */
export function parseJson(bytes: Uint8Array): unknown {
  const text = decoder.decode(bytes)
  if (mayBeTooDeep(text) && isTooDeep(bytes)) throw new RangeError(`nested deeper than ${deepestJson} levels`)
  return JSON.parse(text)
}

export function encodeJson(value: unknown): Uint8Array {
  return encoder.encode(JSON.stringify(value))
}

const [quote, backslash, openList, closeList, openObject, closeObject] = [0x22, 0x5c, 0x5b, 0x5d, 0x7b, 0x7d]

/** A document that opens only so many lists and objects, or has no room to close more, is not worth a closer look. */
function mayBeTooDeep(text: string): boolean {
  if (text.length <= 2 * deepestJson) return false
  let opened = 0
  for (let at = text.indexOf('{'); at >= 0 && opened <= deepestJson; at = text.indexOf('{', at + 1)) opened++
  for (let at = text.indexOf('['); at >= 0 && opened <= deepestJson; at = text.indexOf('[', at + 1)) opened++
  return opened > deepestJson
}

function isTooDeep(bytes: Uint8Array): boolean {
  let depth = 0
  let inText = false
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at]
    if (byte === quote) inText = !inText
    else if (inText) at += byte === backslash ? 1 : 0
    else if (byte === openList || byte === openObject) depth++
    else if (byte === closeList || byte === closeObject) depth--
    if (depth > deepestJson) return true
  }
  return false
}
