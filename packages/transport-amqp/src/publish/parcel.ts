import type { Options } from 'amqplib'
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
  readonly #properties: () => Options.Publish

  constructor(routingKey: string, letter: Letter, properties: () => Options.Publish) {
    this.routingKey = routingKey
    this.letter = letter
    this.#properties = properties
  }

  get body(): Buffer {
    return this.letter.body
  }

  get options(): Options.Publish {
    return this.#properties()
  }
}

/** A parcel in a lane. */
export interface Entry {
  readonly parcel: Parcel
  /** Of the body. */
  readonly bytes: number
  readonly deadline: number
  readonly settle: (fate: Fate) => void
  /** The correlation id under which it was written. */
  tag: number
  returned: boolean
}
