import type { Clock } from '@recordcast/transport'
import { InHandSet } from '@recordcast/transport/in-hand'
import { type Opened, quietly } from '../link/channel.js'

interface Received {
  readonly fields: { readonly deliveryTag: number }
}

/*
What goes back to the broker over one channel. Acks of one turn of the event loop go together: those up to the first delivery that is still
in hand as one ack of all, the others one by one, for to wait for a slow one would hold up the rest. The broker takes an ack
of all for whatever it has handed out over the channel before, so nothing but the deliveries counted here may be out.
*/
export class Acks {
  readonly #clock: Clock
  readonly #opened: Opened
  /** The first delivery that has not been settled; the broker counts from 1. */
  #first = 1
  /** Those after it that have been. */
  readonly #settled = new InHandSet<number>()
  #acked: number[] = []

  constructor(clock: Clock, opened: Opened) {
    this.#clock = clock
    this.#opened = opened
  }

  ack({ fields: { deliveryTag } }: Received): void {
    this.#acked.push(deliveryTag)
    if (this.#acked.length === 1) this.#clock.defer(() => this.flush())
  }

  /** Puts a delivery back into its queue, at once. */
  putBack(received: Received): void {
    const { channel } = this.#opened
    quietly(() => channel.nack(received as Parameters<typeof channel.nack>[0], false, true))
    this.#settle(received.fields.deliveryTag)
  }

  /** Sends what has gathered. */
  flush(): void {
    const acked = this.#acked
    if (acked.length === 0) return
    this.#acked = []
    for (const tag of acked) this.#settle(tag)
    let last = 0
    let together = 0
    for (const tag of acked) {
      if (tag >= this.#first) this.#send(tag, false)
      else {
        together++
        last = Math.max(last, tag)
      }
    }
    if (together > 0) this.#send(last, together > 1)
  }

  #settle(tag: number): void {
    // Nearly all are settled in their order, and are never written down.
    if (tag !== this.#first) this.#settled.add(tag)
    else this.#first++
    while (this.#settled.size > 0 && this.#settled.delete(this.#first)) this.#first++
  }

  #send(deliveryTag: number, all: boolean): void {
    const { channel, closed } = this.#opened
    const received = { fields: { deliveryTag } } as Parameters<typeof channel.ack>[0]
    if (!closed) quietly(() => channel.ack(received, all))
  }
}
