import type { Delivery, Message } from '@recordcast/transport'
import type { Entry, Queue } from './queue.js'

/** An entry in the hands of a consumer, until its verdict is heard or it is revoked. */
export class Lease {
  readonly entry: Entry
  readonly queue: Queue
  readonly delivery: Handed
  over = false

  constructor(queue: Queue, entry: Entry) {
    this.queue = queue
    this.entry = entry
    this.delivery = new Handed(entry)
  }

  /** The verdict was heard. */
  settle(): void {
    this.over = true
    this.queue.freed()
  }

  /** Nothing that the handler says from now on is heard. */
  revoke(): void {
    this.settle()
    this.delivery.abort()
  }
}

/** What the handler sees: a body of its own, and a signal that is made when somebody asks for it. */
class Handed implements Delivery {
  readonly message: Message
  readonly attempt: number
  readonly redelivered: boolean
  readonly unanswered: number
  #controller: AbortController | undefined
  #aborted = false

  constructor({ message: { id, body, headers }, attempt, redelivered, unanswered = 0 }: Entry) {
    this.message = { id, body, headers }
    this.attempt = attempt
    this.redelivered = redelivered
    this.unanswered = unanswered
  }

  get aborted(): boolean {
    return this.#aborted
  }

  get signal(): AbortSignal {
    if (this.#controller === undefined) {
      this.#controller = new AbortController()
      if (this.#aborted) this.#controller.abort()
    }
    return this.#controller.signal
  }

  abort(): void {
    this.#aborted = true
    this.#controller?.abort()
  }
}
