import type { Clock } from '@recordcast/transport'
import type { ConsumeMessage } from 'amqplib'
import type { Opened } from '../link/channel.js'
import { isShelf } from '../names.js'
import { marksOf } from '../wire.js'

const rememberedMs = 120_000
const most = 10_000

interface InHand {
  readonly opened: Opened
  readonly ended: Promise<void>
}

/*
A crash makes twins. A copy was stored and the ack of its original got lost, so the original comes again and is copied again; a
message was stored and its confirm got lost, so it is sent again; a rung died between handing on and forgetting. Each twin
would be tried to the end, and every crash would double the attempts. Copies therefore count their hops, which makes
twins the messages of one id and one hop. While one is in hand the other waits, and once it has been moved on, to
wait for its next attempt or to the shelf, the other is let go. This is known of the last two minutes and to this
consumer only. After that, or at another instance of the listener, a twin is tried like any other. A shelf may hold several
messages of one id, and knows no twins.
*/
export class Twins {
  readonly #clock: Clock
  readonly #onShelf: boolean
  readonly #moved = new Map<string, number>()
  readonly #inHand = new Map<string, InHand>()

  constructor(clock: Clock, queue: string) {
    this.#clock = clock
    this.#onShelf = isShelf(queue)
  }

  /**
   * Waits while a twin that came over the same channel is in hand, then takes this one in hand. Resolves with what to call
   * when it is settled, saying whether it was moved on; with undefined if a twin has been, and this one is to be acked.
   */
  async take(opened: Opened, received: ConsumeMessage): Promise<((moved: boolean) => void) | undefined> {
    const key = keyOf(received)
    if (key === undefined || this.#onShelf) return () => {}
    for (let other = this.#inHand.get(key); other?.opened === opened; other = this.#inHand.get(key)) await other.ended
    const movedAt = this.#moved.get(key)
    if (movedAt !== undefined && this.#clock.now() - movedAt < rememberedMs) return undefined
    let end = (): void => {}
    const ended = new Promise<void>((resolve) => {
      end = resolve
    })
    const own: InHand = { opened, ended }
    this.#inHand.set(key, own)
    return (moved) => {
      if (this.#inHand.get(key) === own) this.#inHand.delete(key)
      if (moved) this.#remember(key)
      end()
    }
  }

  /** The queue has gone, and with it what was moved on. */
  forget(): void {
    this.#moved.clear()
  }

  #remember(key: string): void {
    const now = this.#clock.now()
    this.#moved.delete(key)
    this.#moved.set(key, now)
    for (const [oldest, at] of this.#moved) {
      if (this.#moved.size <= most && now - at < rememberedMs) return
      this.#moved.delete(oldest)
    }
  }
}

/** Undefined for what somebody else has put there without an id. */
function keyOf(received: ConsumeMessage): string | undefined {
  const { messageId } = received.properties
  return typeof messageId === 'string' && messageId !== '' ? `${marksOf(received).hop} ${messageId}` : undefined
}
