import { isUint8Array } from 'node:util/types'
import { TransportError } from '../errors.js'
import type { Message } from '../transport.js'
import { checkName, invalid, shown } from './names.js'

const headerName = /^[a-z0-9-]+$/
const maxHeaderBytes = 16 * 1024
const noHeaders: Message['headers'] = Object.freeze({})

/**
 * Checks a message given from above and copies it: the body byte for byte, the headers into a frozen plain object.
 * Throws invalid-argument, or payload-too-large beyond `maxBodyBytes`. A driver that has its own way to keep a body gives it as `keep`.
 */
export function copyMessage(
  message: Message,
  maxBodyBytes: number,
  keep: (body: Uint8Array) => Uint8Array = (body) => new Uint8Array(body),
): Message {
  if (typeof message !== 'object' || message === null) throw invalid('A message must be an object.')
  const { id, body, headers } = message
  checkName('message id', id)
  if (!isUint8Array(body)) throw invalid(`The body of message ${shown(id)} must be a Uint8Array.`)
  if (body.byteLength > maxBodyBytes)
    throw new TransportError(
      'payload-too-large',
      `The body of message ${shown(id)} has ${body.byteLength} bytes; at most ${maxBodyBytes} are taken. Nothing was sent.`,
    )
  return { id, body: keep(body), headers: copyHeaders(headers) }
}

/** The copy of headers that are frozen: what most messages of a publisher have in common is looked at once. */
const copies = new WeakMap<object, Message['headers']>()

/** Checks headers and copies their own properties. Throws invalid-argument. */
export function copyHeaders(headers: unknown): Message['headers'] {
  if (typeof headers !== 'object' || headers === null) throw invalid('Headers must be an object of texts.')
  const known = copies.get(headers)
  if (known !== undefined) return known
  const copy = checkedCopy(headers)
  if (Object.isFrozen(headers)) copies.set(headers, copy)
  return copy
}

function checkedCopy(headers: object): Message['headers'] {
  const entries = Object.entries(headers)
  if (entries.length === 0) return noHeaders
  let bytes = 0
  for (const [name, value] of entries) {
    if (!headerName.test(name))
      throw invalid(`A header's name has lower-case letters, digits and '-' only; ${shown(name)} has others.`)
    if (name.startsWith('rc-')) throw invalid(`Headers that begin with 'rc-' are the driver's; ${shown(name)} does.`)
    if (typeof value !== 'string') throw invalid(`The header ${shown(name)} must be text, not ${typeof value}.`)
    bytes += name.length + Buffer.byteLength(value)
  }
  if (bytes > maxHeaderBytes) throw invalid(`Headers have at most ${maxHeaderBytes} bytes together, not ${bytes}.`)
  return Object.freeze(Object.fromEntries(entries) as Record<string, string>)
}
