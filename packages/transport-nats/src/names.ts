import { createHash } from 'node:crypto'
import { shelfOf } from '@recordcast/transport'

const plain = /^[a-z0-9-]*$/
const shelfSuffix = shelfOf('')
const longestToken = 120
const longestNamespace = 80
const alphabet = 'abcdefghijklmnopqrstuvwxyz234567'

/*
A name becomes a token of lower-case letters, digits, '-' and '_': what is neither of the first three is written as its
bytes in hexadecimal, each behind a '_'. That is injective, legal in streams, buckets and subjects, readable for ordinary names, and
safe on file systems that ignore case. A token that would be too long for a stream's folder ends in '__' and the SHA-256
of the whole name; '__' occurs in no other. Capital letters and '.' are left as separators.
*/

/** The name as a token that can be read back. Up to three times as long. */
export function escapeName(name: string): string {
  if (plain.test(name)) return name
  return name.replace(/[^a-z0-9-]+/gu, (others) => Buffer.from(others).toString('hex').replace(/../g, '_$&'))
}

/** Reads back what `escapeName` wrote; undefined for anything else. */
export function unescapeName(token: string): string | undefined {
  if (plain.test(token)) return token
  const name = token.replace(/(?:_[0-9a-f]{2})+/g, (bytes) => Buffer.from(bytes.replaceAll('_', ''), 'hex').toString())
  return escapeName(name) === token ? name : undefined
}

/** The name as a token of at most `longest` characters, for names that are kept elsewhere too. */
export function tokenOf(name: string, longest = longestToken): string {
  const escaped = escapeName(name)
  if (escaped.length <= longest) return escaped
  const digest = base32(createHash('sha256').update(name).digest())
  return `${escaped.slice(0, longest - digest.length - 2)}__${digest}`
}

export type Names = ReturnType<typeof namesIn>

/** Where everything of a namespace is on the broker: streams, buckets, subjects. */
export function namesIn(namespace: string) {
  const space = tokenOf(namespace, longestNamespace)
  return {
    /** The stream that holds a queue's messages, or a shelf's. */
    stream: (queue: string): string => `${space}_${isShelf(queue) ? 'P' : 'Q'}_${tokenOf(baseOf(queue))}`,
    /** Where a queue, or a shelf, is published to. */
    subject: (queue: string): string => `${space}.${isShelf(queue) ? 'p' : 'q'}.${tokenOf(baseOf(queue))}`,
    /** A second subject of instance queues and their shelves, by which they are found. Nothing is published to it. */
    mark: (queue: string): string => `${space}.x.${isShelf(queue) ? 'p' : 'q'}.${tokenOf(baseOf(queue))}`,
    /** Where whoever consumes a queue answers that it does. */
    attendance: (queue: string): string => `${space}.c.${isShelf(queue) ? 'p' : 'q'}.${tokenOf(baseOf(queue))}`,
    /** Where a transport answers that it lives. */
    party: (id: string): string => `${space}.i.${id}`,
    address: (address: string): string => `${space}.a.${tokenOf(address)}`,
    bucket: (board: string): string => `${space}_B_${tokenOf(board)}`,
    everyQueue: `${space}.q.*`,
    everyMark: `${space}.x.>`,
  }
}

export function isShelf(queue: string): boolean {
  return queue.endsWith(shelfSuffix)
}

/** The queue whose shelf this is; a queue itself. */
export function baseOf(queue: string): string {
  return isShelf(queue) ? queue.slice(0, -shelfSuffix.length) : queue
}

function base32(bytes: Buffer): string {
  let text = ''
  let held = 0
  let bits = 0
  for (const byte of bytes) {
    held = (held << 8) | byte
    bits += 8
    for (; bits >= 5; bits -= 5) text += alphabet[(held >> (bits - 5)) & 31]
    held &= (1 << bits) - 1
  }
  return bits > 0 ? text + alphabet[(held << (5 - bits)) & 31] : text
}
