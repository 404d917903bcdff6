import type { Message } from '@recordcast/transport'
import type { Options } from 'amqplib'
import { propertiesOf } from '../wire.js'
import type { Fate } from './fate.js'
import type { Letter } from './letter.js'

export interface Parcel {
  readonly exchange: string
  readonly routingKey: string
  readonly body: Buffer
  /** May be shared by parcels, one of which is written at a time; whoever writes adds what is its own. */
  readonly options: Options.Publish
  /** The same as frames, where it goes to the default exchange; shared as well. */
  readonly letter?: Letter | undefined
}

/** A copy of a letter. What only the usual way needs is made when that way is taken. */
export class Copy implements Parcel {
  readonly exchange = ''
  readonly routingKey: string
  readonly letter: Letter
  readonly #message: Message

  constructor(routingKey: string, letter: Letter, message: Message) {
    this.routingKey = routingKey
    this.letter = letter
    this.#message = message
  }

  get body(): Buffer {
    return this.letter.body
  }

  get options(): Options.Publish {
    return propertiesOf(this.#message)
  }
}

/** Who is told, once, what became of a parcel for a queue. */
export interface Receipt {
  settle(fate: Fate, queue: string): void
}

/** A parcel in a lane. */
export class Entry {
  /** Let go of once it is written: many wait for their confirm. */
  parcel: Parcel | undefined
  /** The queue or exchange that it goes to. */
  readonly target: string
  /** Of the body. */
  readonly bytes: number
  readonly deadline: number
  /** The correlation id under which it was written. */
  tag = 0
  returned = false
  readonly #receipt: Receipt
  readonly #queue: string

  constructor(parcel: Parcel, bytes: number, deadline: number, receipt: Receipt, queue: string) {
    this.parcel = parcel
    this.target = parcel.exchange || parcel.routingKey
    this.bytes = bytes
    this.deadline = deadline
    this.#receipt = receipt
    this.#queue = queue
  }

  settle(fate: Fate): void {
    this.#receipt.settle(fate, this.#queue)
  }
}
