import type { Message } from '@recordcast/transport'
import type { Ground } from '../ground.js'
import type { Party } from '../party.js'
import type { Stored } from '../stored.js'
import type { Consumer } from './consumer.js'
import { Deque } from './deque.js'
import { Heap } from './heap.js'

/** A message in a queue. Neither it nor the message ever changes: both are shared by all queues that got the message at once. */
export interface Entry {
  readonly message: Stored
  readonly attempt: number
  readonly redelivered: boolean
  /** Deliveries in a row that ended without a verdict; absent for none. */
  readonly unanswered?: number
}

/** An entry that nobody has had yet. */
export function newEntry(message: Stored): Entry {
  return { message, attempt: 1, redelivered: false }
}

interface Waiting {
  readonly entry: Entry
  readonly due: number
  readonly order: number
  readonly end: 'head' | 'tail'
}

const mostInOneTurn = 128

/*
A queue's entries are in one of three places: `ready`, oldest first; `waiting`, until they are due; or with a
consumer, counted in `unsettled`. An entry leaves `ready` only into the hands of a consumer that has a free place, and
whoever holds it puts it into exactly one place again, or lets it go. One timer serves all that waits, and only
while somebody consumes: entries of an unattended queue ripen when the next consumer comes.
*/
export class Queue {
  readonly name: string
  /** The party with which an 'instance' queue ends; undefined for a durable one. */
  readonly owner: Party | undefined
  readonly #ground: Ground
  readonly #ready = new Deque<Entry>()
  readonly #waiting = new Heap<Waiting>()
  #consumers: Consumer[] = []
  #unsettled = 0
  #order = 0
  #pumping = false
  #timer: (() => void) | undefined
  #armedFor = 0

  constructor(ground: Ground, name: string, owner: Party | undefined) {
    this.#ground = ground
    this.name = name
    this.owner = owner
  }

  get ready(): number {
    return this.#ready.length + this.#waiting.length
  }

  get unsettled(): number {
    return this.#unsettled
  }

  get length(): number {
    return this.ready + this.#unsettled
  }

  get attended(): boolean {
    return this.#consumers.length > 0
  }

  /** The oldest `count` messages that are ready. */
  peek(count: number): Message[] {
    this.#ripen()
    const oldest: Message[] = []
    for (let index = 0; index < Math.min(count, this.#ready.length); index++)
      oldest.push((this.#ready.at(index) as Entry).message)
    return oldest
  }

  /** Takes an entry that is nobody's: a new one, or one whose consumer has let go of it. */
  put(entry: Entry, end: 'head' | 'tail' = 'tail', afterMs = 0): void {
    if (afterMs > 0) {
      this.#waiting.push({ entry, end, due: this.#ground.clock.now() + afterMs, order: this.#order++ })
      this.#arm()
      return
    }
    if (end === 'head') this.#ready.unshift(entry)
    else this.#ready.push(entry)
    this.#pumpSoon()
  }

  /** A consumer has given up its place, with a verdict or without one. */
  freed(): void {
    this.#unsettled--
    this.#pumpSoon()
  }

  attach(consumer: Consumer): void {
    this.#consumers.push(consumer)
    this.#ripen()
    this.#arm()
    this.#pumpSoon()
  }

  detach(consumer: Consumer): void {
    this.#consumers = this.#consumers.filter((other) => other !== consumer)
    this.#arm()
  }

  /** The queue is no more: gives back who consumed it. */
  end(): Consumer[] {
    const orphans = this.#consumers
    this.#consumers = []
    this.#arm()
    return orphans
  }

  #pumpSoon(): void {
    if (this.#pumping || this.#consumers.length === 0 || this.#ready.length === 0) return
    this.#pumping = true
    this.#ground.turns.soon(() => this.#pump())
  }

  #pump(): void {
    this.#pumping = false
    for (let handed = 0; handed < mostInOneTurn; handed++) {
      if (this.#ready.length === 0) return
      const consumer = this.#free()
      if (consumer === undefined) return
      this.#unsettled++
      consumer.take(this.#ready.shift() as Entry)
    }
    this.#pumpSoon()
  }

  /** Anyone with a free place. Brokers promise no turns among consumers, so neither does this one. */
  #free(): Consumer | undefined {
    const consumers = this.#consumers
    const count = consumers.length
    const start = count > 1 ? Math.floor(this.#ground.random() * count) : 0
    for (let step = 0; step < count; step++) {
      const consumer = consumers[(start + step) % count] as Consumer
      if (consumer.free) return consumer
    }
    return undefined
  }

  #ripen(): void {
    const now = this.#ground.clock.now()
    for (let next = this.#waiting.peek(); next && next.due <= now; next = this.#waiting.peek()) {
      this.#waiting.pop()
      if (next.end === 'head') this.#ready.unshift(next.entry)
      else this.#ready.push(next.entry)
    }
  }

  #arm(): void {
    const next = this.#consumers.length > 0 ? this.#waiting.peek() : undefined
    if (this.#timer !== undefined && next !== undefined && this.#armedFor <= next.due) return
    this.#timer?.()
    this.#timer = undefined
    if (next === undefined) return
    this.#armedFor = next.due
    this.#timer = this.#ground.clock.after(Math.max(0, next.due - this.#ground.clock.now()), () => {
      this.#timer = undefined
      this.#ripen()
      this.#arm()
      this.#pumpSoon()
    })
  }
}
