import { createHash } from 'node:crypto'
import { TransportError } from '@recordcast/transport'

const longest = 255
const longestNamespace = 60
/** Each publish asks for the name of its queues. */
const mostKnown = 10_000
const shelfSuffix = '!parked'

/*
How names from above become names on the broker: `<namespace>.<kind>.<name>`. The namespace and the kind contain no
dot, so that the first two dots always part them; in the name, what is not a letter, a digit or one of - _ . : / is
percent-encoded byte by byte. That is injective. A name that would exceed AMQP's 255 bytes keeps its beginning and ends
in '~' and the SHA-256 of the whole: '~' is otherwise always encoded, so that such a name cannot meet another.
*/

/** Names on the broker within one namespace. */
export interface Names {
  readonly queue: (queue: string) => string
  readonly shelf: (queue: string) => string
  /** The stream of one generation of a board. */
  readonly board: (board: string, generation: number) => string
  /** The stream of pointers to a board's generations. */
  readonly pointer: (board: string) => string
  readonly address: (address: string) => string
  /** The exchange and the queue of a retry delay. */
  readonly rung: (delayMs: number) => string
  /** Where a retried message ends whose queue was dropped meanwhile. */
  readonly sink: string
}

/** Throws invalid-argument when the namespace cannot be carried. */
export function namesOf(namespace: string): Names {
  const prefix = encodeNamespace(namespace)
  const name = (kind: string, rest: string): string => fitted(`${prefix}.${kind}.${encode(rest)}`)
  const known = new Map<string, string>()
  return {
    queue(queue) {
      const before = known.get(queue)
      if (before !== undefined) return before
      const encoded = isShelf(queue) ? name('parked', baseOf(queue)) : name('queue', queue)
      if (known.size >= mostKnown) known.clear()
      known.set(queue, encoded)
      return encoded
    },
    shelf: (queue) => name('parked', isShelf(queue) ? baseOf(queue) : queue),
    board: (board, generation) => name(`board${generation}`, board),
    pointer: (board) => name('board', board),
    address: (address) => name('address', address),
    rung: (delayMs) => name('retry', String(delayMs)),
    sink: name('retry', 'void'),
  }
}

/** Whether a name from above is that of a shelf. */
export function isShelf(queue: string): boolean {
  return queue.endsWith(shelfSuffix)
}

function baseOf(shelf: string): string {
  return shelf.slice(0, -shelfSuffix.length)
}

function encode(text: string): string {
  return escaped(text, /[^A-Za-z0-9_.:/-]/gu)
}

function encodeNamespace(namespace: unknown): string {
  if (typeof namespace !== 'string' || namespace === '')
    throw new TransportError('invalid-argument', 'A namespace is a text that is not empty.')
  const encoded = escaped(namespace, /[^A-Za-z0-9_-]/gu)
  if (encoded.length > longestNamespace)
    throw new TransportError(
      'invalid-argument',
      `A namespace is at most ${longestNamespace} bytes, letters other than ASCII counting three a byte.`,
    )
  // The broker keeps names that begin with 'amq.' to itself.
  return encoded === 'amq' ? '%61mq' : encoded
}

function escaped(text: string, odd: RegExp): string {
  return text.replace(odd, (character) =>
    Array.from(Buffer.from(character), (byte) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`).join(''),
  )
}

function fitted(name: string): string {
  if (name.length <= longest) return name
  const digest = createHash('sha256').update(name).digest('base64url')
  return `${name.slice(0, longest - digest.length - 1)}~${digest}`
}
