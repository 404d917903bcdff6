import { isPromise } from '@recordcast/transport/consume'
import { checkVerdict, type Handle } from '@recordcast/transport/driver'
import { InHandSet } from '@recordcast/transport/in-hand'
import type { ConsumeMessage } from 'amqplib'
import { asError } from '../errors.js'
import type { Ground } from '../ground.js'
import type { Opened } from '../link/channel.js'
import type { Marks } from '../wire.js'
import type { Acks } from './acks.js'
import { Handed } from './handed.js'
import { afterThrow, type Move, moveFor } from './settle.js'
import { withdraw } from './withdraw.js'

/** A message that came over a channel. */
export interface Held {
  readonly opened: Opened
  readonly acks: Acks
  readonly received: ConsumeMessage
}

/** Asks a consumer's handler what becomes of a message. What the handler throws is told and becomes a retry. */
export class Judge {
  readonly #ground: Ground
  readonly #queue: string
  readonly #handle: Handle
  readonly #tell: (error: Error) => void
  /** Whose verdict is waited for. */
  readonly #handed = new InHandSet<Handed>()

  constructor(ground: Ground, queue: string, handle: Handle, tell: (error: Error) => void) {
    this.#ground = ground
    this.#queue = queue
    this.#handle = handle
    this.#tell = tell
  }

  /** At once where the handler gives no promise. Never throws or rejects. */
  ask(held: Held, marks: Marks): Move | Promise<Move> {
    const delivery = new Handed(held.opened, held.received, marks)
    try {
      const given = this.#handle(delivery)
      return isPromise(given) ? this.#askLater(held, marks, delivery, given) : this.#moveFor(held, given)
    } catch (thrown) {
      return this.#threw(held, marks, thrown)
    }
  }

  /** Aborts the deliveries whose channel has gone; returns the error if that was closed because an ack was overdue. */
  withdraw(reason: Error | undefined): Error | undefined {
    return withdraw(this.#handed, this.#queue, reason)
  }

  async #askLater(held: Held, marks: Marks, delivery: Handed, given: PromiseLike<unknown>): Promise<Move> {
    this.#handed.add(delivery)
    try {
      return this.#moveFor(held, await given)
    } catch (thrown) {
      return this.#threw(held, marks, thrown)
    } finally {
      this.#handed.delete(delivery)
    }
  }

  #moveFor({ received }: Held, given: unknown): Move {
    return moveFor(this.#ground, this.#queue, received, checkVerdict(given))
  }

  #threw({ opened, received }: Held, { attempt }: Marks, thrown: unknown): Move {
    const error = asError(thrown)
    if (!opened.closed) this.#tell(error)
    return moveFor(this.#ground, this.#queue, received, afterThrow(error, attempt))
  }
}
