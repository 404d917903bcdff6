import type { Clock } from '../clock.js'

// Somebody may emit an event again under its id, and that has no hops either.
const rememberedMs = 120_000
const rememberedOfCopiesMs = 600_000
const mostRemembered = 10_000

/** A message in hand. */
export interface Turn {
  /** Whether a later copy has been confirmed: nothing more is to be stored for this one, and it may be acked. */
  readonly overtaken: boolean
  /** Its next copy is confirmed, in the queue, on its way back to it, or on the shelf. May be called after `end`. */
  moved(): void
  /** It is out of our hands, whatever became of it. Calls after the first do nothing. */
  end(): void
}

interface InHand {
  readonly over: unknown
  readonly ended: () => Promise<void>
}

const noTwins: Turn = { overtaken: false, moved: () => {}, end: () => {} }

interface Reached {
  readonly hop: number
  readonly at: number
}

/*
For drivers that carry out a retry by storing a copy and then acking the original. A crash makes twins. A copy was stored and the
ack of its original got lost, so the original comes again and is copied again; a message was stored and its confirm
got lost, so it is sent again; a broker forgot the acks of its last seconds, so that an event comes again at several of its
attempts at once. Each twin would be tried to the end, and a crash would double the attempts.

Copies therefore count their hops: 0 is what was published, each copy has one more than what it was made of. Twins are the messages
of one id and one hop. While one is in hand the other waits; and once a copy of an id is confirmed, whatever has fewer hops is let
go, for that copy takes its place. Only a confirm counts: a copy that has merely been seen may be forgotten by a broker
that has not made it safe. This is known of the last two minutes, ten for copies, and to this consumer only. After that, or at
another instance of the listener, a twin is tried like any other, until its next copy meets one that was moved on here.
*/
export class Twins {
  readonly #clock: Clock
  /** The most hops of which a copy is confirmed, the oldest knowledge first. */
  #reached = new Map<string, Reached>()
  readonly #inHand = new Map<string, InHand>()

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /**
   * Waits while a twin that came over the same link is in hand, then takes this one in hand; at once where there is none. Undefined
   * if it has been overtaken: it is to be acked. A message without an id has no twins.
   */
  take(id: string | undefined, hop: number, over: unknown): Turn | undefined | Promise<Turn | undefined> {
    if (id === undefined) return noTwins
    const key = `${hop} ${id}`
    const other = this.#inHand.get(key)
    return other !== undefined && other.over === over
      ? this.#takeAfter(other, key, id, hop)
      : this.#takeNow(key, id, hop, over)
  }

  async #takeAfter({ over, ended }: InHand, key: string, id: string, hop: number): Promise<Turn | undefined> {
    await ended()
    for (let other = this.#inHand.get(key); other?.over === over; other = this.#inHand.get(key)) await other?.ended()
    return this.#takeNow(key, id, hop, over)
  }

  #takeNow(key: string, id: string, hop: number, over: unknown): Turn | undefined {
    const reached = this.#reached
    const isPast = (): boolean => this.#isPast(reached, id, hop)
    if (isPast()) return undefined
    let whenEnded: (() => void)[] | undefined = []
    const own: InHand = {
      over,
      ended: () => new Promise((resolve) => (whenEnded === undefined ? resolve() : whenEnded.push(resolve))),
    }
    this.#inHand.set(key, own)
    return {
      get overtaken() {
        return isPast()
      },
      moved: () => this.#remember(reached, id, hop + 1),
      end: () => {
        if (this.#inHand.get(key) === own) this.#inHand.delete(key)
        const waiting = whenEnded
        whenEnded = undefined
        for (const resolve of waiting ?? []) resolve()
      },
    }
  }

  /** The queue has gone, and with it what was moved on; so what is in hand tells nothing of the next queue either. */
  forget(): void {
    this.#reached = new Map()
  }

  #isPast(reached: ReadonlyMap<string, Reached>, id: string, hop: number): boolean {
    const known = reached.get(id)
    const forMs = hop === 0 ? rememberedMs : rememberedOfCopiesMs
    return known !== undefined && known.hop > hop && this.#clock.now() - known.at < forMs
  }

  #remember(reached: Map<string, Reached>, id: string, hop: number): void {
    const at = this.#clock.now()
    const most = this.#isPast(reached, id, hop) ? reached.get(id) : undefined
    reached.delete(id)
    reached.set(id, { hop: most?.hop ?? hop, at })
    for (const [oldest, { at: since }] of reached) {
      if (reached.size <= mostRemembered && at - since < rememberedOfCopiesMs) return
      reached.delete(oldest)
    }
  }
}
