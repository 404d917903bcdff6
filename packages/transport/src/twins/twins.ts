import type { Clock } from '../clock.js'
import { InHandMap } from '../in-hand/in-hand-map.js'

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
  readonly #hand = new Hand()
  #moved: Moved

  constructor(clock: Clock) {
    this.#clock = clock
    this.#moved = new Moved(clock)
  }

  /**
   * Waits while a twin that came over the same link is in hand, then takes this one in hand. Undefined
   * if it has been overtaken: it is to be acked. A message without an id has no twins.
   */
  async take(id: string | undefined, hop: number, over: unknown): Promise<Turn | undefined> {
    return this.takeNow(id, hop, over)
  }

  /** Like take, without a promise where there is nothing to wait for. */
  takeNow(id: string | undefined, hop: number, over: unknown): Turn | undefined | Promise<Turn | undefined> {
    if (id === undefined) return noTwins
    const own = new InHand(this.#hand, this.#moved, id, hop, over)
    const other = own.rival()
    return other !== undefined && other.over === over ? takeAfter(other, own) : own.taken()
  }

  /** The queue has gone, and with it what was moved on; so what is in hand tells nothing of the next queue either. */
  forget(): void {
    this.#moved = new Moved(this.#clock)
  }
}

const noTwins: Turn = { overtaken: false, moved: () => {}, end: () => {} }

async function takeAfter(first: InHand, own: InHand): Promise<Turn | undefined> {
  let other: InHand | undefined = first
  while (other !== undefined && other.over === own.over) {
    await other.ended()
    other = own.rival()
  }
  return own.taken()
}

/** All that is in hand. What was taken last is written down only when another comes: most is out again before. */
class Hand {
  readonly #all = new InHandMap<string, InHand>()
  #last: InHand | undefined

  get(key: string): InHand | undefined {
    if (this.#last?.key === key) return this.#last
    return this.#all.size === 0 ? undefined : this.#all.get(key)
  }

  put(turn: InHand): void {
    const last = this.#last
    if (last !== undefined && last.key !== turn.key) this.#all.set(last.key, last)
    this.#last = turn
  }

  remove(turn: InHand): void {
    if (this.#last === turn) this.#last = undefined
    else if (this.#all.get(turn.key) === turn) this.#all.delete(turn.key)
  }
}

class InHand implements Turn {
  readonly key: string
  readonly over: unknown
  readonly #hand: Hand
  readonly #moved: Moved
  readonly #id: string
  readonly #hop: number
  #isOver = false
  #whenEnded: (() => void)[] | undefined

  constructor(hand: Hand, moved: Moved, id: string, hop: number, over: unknown) {
    // No id of ours holds a NUL; nearly all messages have no hops, and need no text of their own.
    this.key = hop === 0 ? id : `${hop}\0${id}`
    this.over = over
    this.#hand = hand
    this.#moved = moved
    this.#id = id
    this.#hop = hop
  }

  get overtaken(): boolean {
    return this.#moved.beyond(this.#id, this.#hop)
  }

  taken(): Turn | undefined {
    if (this.overtaken) return undefined
    this.#hand.put(this)
    return this
  }

  /** The twin that is in hand now. */
  rival(): InHand | undefined {
    return this.#hand.get(this.key)
  }

  moved(): void {
    this.#moved.remember(this.#id, this.#hop + 1)
  }

  end(): void {
    this.#isOver = true
    this.#hand.remove(this)
    const waiting = this.#whenEnded
    if (waiting === undefined) return
    this.#whenEnded = undefined
    for (const resolve of waiting) resolve()
  }

  ended(): Promise<void> {
    return new Promise((resolve) => {
      if (this.#isOver) resolve()
      else {
        this.#whenEnded ??= []
        this.#whenEnded.push(resolve)
      }
    })
  }
}

/** The most hops of which a copy is confirmed, by id, the oldest knowledge first. */
class Moved {
  readonly #clock: Clock
  readonly #reached = new Map<string, Reached>()

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** Whether a copy with more hops is confirmed. */
  beyond(id: string, hop: number): boolean {
    const known = this.#reached.size === 0 ? undefined : this.#reached.get(id)
    if (known === undefined) return false
    const forMs = hop === 0 ? rememberedMs : rememberedOfCopiesMs
    return known.hop > hop && this.#clock.now() - known.at < forMs
  }

  remember(id: string, hop: number): void {
    const at = this.#clock.now()
    const most = this.beyond(id, hop) ? this.#reached.get(id) : undefined
    this.#reached.delete(id)
    this.#reached.set(id, { hop: most?.hop ?? hop, at })
    for (const [oldest, { at: since }] of this.#reached) {
      if (this.#reached.size <= mostRemembered && at - since < rememberedOfCopiesMs) return
      this.#reached.delete(oldest)
    }
  }
}
