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

/** A parcel in a lane. */
export interface Entry {
  readonly parcel: Parcel
  readonly deadline: number
  readonly settle: (fate: Fate) => void
  /** The correlation id under which it was written. */
  tag: number
  returned: boolean
}
