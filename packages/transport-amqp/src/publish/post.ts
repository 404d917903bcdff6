import type { ConfirmChannel } from 'amqplib'
import { addressOf } from './letter.js'
import type { Parcel } from './parcel.js'

/** What is used of amqplib's inside. */
interface Inside {
  readonly ch?: unknown
  readonly pushConfirmCallback?: (confirmed: (error: unknown) => void) => void
  readonly connection?: {
    readonly frameMax?: unknown
    readonly channels?: readonly ({ readonly buffer?: { write(bytes: Buffer): boolean } } | null)[]
    sentSinceLastCheck?: boolean
  }
}

const mostAddresses = 10_000

/**
 * Writes parcels to one channel. A letter goes to amqplib's buffer as it is; where amqplib's inside is not as it is known
 * here, and when the channel has been closed, everything goes the usual way.
 */
export class Post {
  readonly #channel: ConfirmChannel
  readonly #addresses = new Map<string, Buffer>()

  constructor(channel: ConfirmChannel) {
    this.#channel = channel
  }

  /** Whether more may be written at once. `tag` comes back as the correlation id. Throws what amqplib throws. */
  write(parcel: Parcel, tag: number, confirmed: (error: unknown) => void): boolean {
    const more = this.#writeLetter(parcel, tag, confirmed)
    if (more !== undefined) return more
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
    let more = true
    for (const piece of letter.addressed(this.#addressOf(routingKey), ch as number, tag)) more = buffer.write(piece)
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
