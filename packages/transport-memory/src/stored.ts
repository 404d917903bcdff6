import type { Message } from '@recordcast/transport'
import { copyOf } from '@recordcast/transport/consume'

const longestText = 1024

/*
A message as the bus keeps it. Whoever reads `body` gets bytes of his own, so that nobody can spoil them for another.

A small body is kept as a text of one byte a character: memory of its own would cost five times as much as the copy, and a cut from a slab
shared with others would keep them all for as long as this one waits. What is given out is seldom kept, and cut from a slab unless it is large.
*/
const slabBytes = 64 * 1024
let slab = Buffer.alloc(0)
let used = slabBytes

export class Stored implements Message {
  readonly id: string
  readonly headers: Message['headers']
  readonly #body: string | Uint8Array

  constructor(id: string, headers: Message['headers'], body: string | Uint8Array) {
    this.id = id
    this.headers = headers
    this.#body = body
  }

  get body(): Uint8Array {
    const kept = this.#body
    if (typeof kept !== 'string') return copyOf(kept)
    const { length } = kept
    if (used + length > slabBytes) {
      slab = Buffer.allocUnsafeSlow(slabBytes)
      used = 0
    }
    const body = new Uint8Array(slab.buffer, used, slab.write(kept, used, 'latin1'))
    used += length
    return body
  }

  /** The same message with these headers laid over its own. */
  with(headers: Message['headers'] | undefined): Stored {
    if (headers === undefined) return this
    return new Stored(this.id, Object.freeze({ ...this.headers, ...headers }), this.#body)
  }
}

/** A message that has been checked, with a copy of its body. */
export function stored({ id, body, headers }: Message): Stored {
  return new Stored(id, headers, body.length > longestText ? new Uint8Array(body) : latin1(body))
}

function latin1({ buffer, byteOffset, byteLength }: Uint8Array): string {
  return Buffer.from(buffer, byteOffset, byteLength).toString('latin1')
}
