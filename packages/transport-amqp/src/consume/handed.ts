import type { Delivery, Message } from '@recordcast/transport'
import { copyOf } from '@recordcast/transport/consume'
import type { ConsumeMessage } from 'amqplib'
import type { Opened } from '../link/channel.js'
import { type Marks, messageOf } from '../wire.js'

/** A delivery in the hands of a handler. Its signal is made when it is asked for or has to be aborted. */
export class Handed implements Delivery {
  readonly message: Message
  readonly attempt: number
  readonly redelivered: boolean
  readonly unanswered?: number
  readonly #opened: Opened
  #controller: AbortController | undefined

  constructor(opened: Opened, received: ConsumeMessage, { attempt, seen, unanswered }: Marks) {
    this.#opened = opened
    this.message = messageOf(received, copyOf(received.content))
    this.attempt = attempt
    this.redelivered = seen
    if (unanswered !== undefined) this.unanswered = unanswered
  }

  get signal(): AbortSignal {
    this.#controller ??= new AbortController()
    return this.#controller.signal
  }

  get aborted(): boolean {
    return this.#controller?.signal.aborted ?? false
  }

  /** Whether its channel has gone, and with it the delivery. */
  get isVoid(): boolean {
    return this.#opened.closed
  }

  abort(reason: Error | undefined): void {
    this.#controller ??= new AbortController()
    this.#controller.abort(reason)
  }
}
