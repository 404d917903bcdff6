import type { Writable } from 'node:stream'
import type { ConfirmChannel } from 'amqplib'
import { Batch } from './batch.js'
import { addressOf, type Letter } from './letter.js'
import type { Parcel } from './parcel.js'

/** What is used of amqplib's inside. */
interface Inside {
  readonly ch?: unknown
  readonly pushConfirmCallback?: (confirmed: (error: unknown) => void) => void
  readonly connection?: {
    readonly frameMax?: unknown
    readonly channels?: readonly ({ readonly buffer?: Writable & { readonly readableLength: number } } | null)[]
    readonly stream?: Writable
    sentSinceLastCheck?: boolean
  }
}

const mostAddresses = 10_000

/*
Writes parcels to one channel. A letter goes to amqplib's socket, past the buffer of its channel, as amqplib's own heartbeats do; but not while something waits
in that buffer, which it must not overtake: then it goes there. Where amqplib's inside is not as it is known here, and when the channel
has been closed, everything goes the usual way.
*/
export class Post {
  readonly #channel: ConfirmChannel
  readonly #addresses = new Map<string, Buffer>()
  readonly #batch: Batch | undefined

  /** @param drained told when more may be written after all */
  constructor(channel: ConfirmChannel, drained: () => void) {
    this.#channel = channel
    const stream = (channel as Inside).connection?.stream
    if (typeof stream?.write === 'function') this.#batch = new Batch(stream, drained)
    channel.on('drain', drained)
  }

  /** Whether more may be written at once. `tag` comes back as the correlation id. Throws what amqplib throws. */
  write(parcel: Parcel, tag: number, confirmed: (error: unknown) => void): boolean {
    const more = this.#writeLetter(parcel, tag, confirmed)
    if (more !== undefined) return more
    this.#batch?.flush()
    const { exchange, routingKey, body, options } = parcel
    options.mandatory = true
    options.correlationId = String(tag)
    return this.#channel.publish(exchange, routingKey, body, options, confirmed)
  }

  #writeLetter({ letter, routingKey }: Parcel, tag: number, confirmed: (error: unknown) => void): boolean | undefined {
    if (letter === undefined) return undefined
    const inside = this.#channel as Inside
    const { ch, connection } = inside
    const buffer = typeof ch === 'number' ? connection?.channels?.[ch]?.buffer : undefined
    if (buffer === undefined || typeof inside.pushConfirmCallback !== 'function') return undefined
    // A channel that is closed, or about to be, has a way to send of its own, which throws.
    if (Object.hasOwn(inside, 'sendMessage') || letter.largestFrame > Number(connection?.frameMax)) return undefined
    connection!.sentSinceLastCheck = true
    const address = this.#addressOf(routingKey)
    const batch = buffer.readableLength === 0 && buffer.writableLength === 0 ? this.#batch : undefined
    let more: boolean
    if (batch !== undefined) more = batch.write(letter, address, ch as number, tag)
    else {
      this.#batch?.flush()
      more = writeTo(buffer, letter, address, ch as number, tag)
    }
    inside.pushConfirmCallback(confirmed)
    return more
  }

  #addressOf(queue: string): Buffer {
    const before = this.#addresses.get(queue)
    if (before !== undefined) return before
    if (this.#addresses.size >= mostAddresses) this.#addresses.clear()
    const address = addressOf(queue)
    this.#addresses.set(queue, address)
    return address
  }
}

function writeTo(buffer: Writable, letter: Letter, address: Buffer, channel: number, tag: number): boolean {
  const front = Buffer.allocUnsafe(letter.sizeTo(address))
  letter.write(front, 0, address, channel, tag)
  const more = buffer.write(front)
  const rest = letter.restOver(channel)
  return rest === undefined ? more : buffer.write(rest)
}
