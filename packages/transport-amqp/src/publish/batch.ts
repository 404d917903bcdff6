import type { Writable } from 'node:stream'
import type { Letter } from './letter.js'

const slabBytes = 64 * 1024
/** As much may wait in the socket's own buffer, which otherwise asks to wait when it holds a few messages. */
const mostWaiting = 512 * 1024

/*
Letters of one turn of the event loop, put together in one piece of memory and handed to the socket at the end of that turn. What was handed over is
never written to again: the next letters go behind it, or into new memory.
*/
export class Batch {
  readonly #stream: Writable
  readonly #drained: () => void
  #slab = Buffer.allocUnsafeSlow(slabBytes)
  /** Up to here it was handed over, and from here to `#at` it will be. */
  #from = 0
  #at = 0
  #coming = false
  #full = false

  /** @param drained told when more may be written after all */
  constructor(stream: Writable, drained: () => void) {
    this.#stream = stream
    this.#drained = drained
  }

  /** Whether more may be written at once. */
  write(letter: Letter, address: Buffer, channel: number, tag: number): boolean {
    const size = letter.sizeTo(address)
    if (this.#at + size > this.#slab.byteLength) {
      this.flush()
      this.#slab = Buffer.allocUnsafeSlow(Math.max(slabBytes, size))
      this.#from = 0
      this.#at = 0
    }
    letter.write(this.#slab, this.#at, address, channel, tag)
    this.#at += size
    const rest = letter.restOver(channel)
    if (rest !== undefined) {
      this.flush()
      this.#stream.write(rest)
    } else if (!this.#coming) {
      this.#coming = true
      process.nextTick(() => {
        this.#coming = false
        this.flush()
      })
    }
    return this.#hasRoom()
  }

  /** Hands over what has gathered. */
  flush(): void {
    if (this.#at === this.#from) return
    const piece = this.#slab.subarray(this.#from, this.#at)
    this.#from = this.#at
    if (this.#stream.writable) this.#stream.write(piece)
  }

  #hasRoom(): boolean {
    if (this.#at - this.#from + this.#stream.writableLength < mostWaiting) return true
    this.flush()
    if (!this.#stream.writableNeedDrain) return true
    if (!this.#full) {
      this.#full = true
      this.#stream.once('drain', () => {
        this.#full = false
        this.#drained()
      })
    }
    return false
  }
}
