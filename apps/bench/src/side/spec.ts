import type { SideOptions } from '../broker/side.js'
import type { Load } from '../embedded/load.js'
import type { EncodeLoad } from '../encode/shapes.js'
import type { MatchLoad } from '../match/load.js'

/** One side of a race over a broker: over which, whose code. */
export interface BrokerSide {
  readonly of: 'recordcast' | 'amqplib' | 'rascal' | 'moleculer' | '@nats-io, acks confirmed' | '@nats-io, acks sent'
  readonly broker: 'amqp' | 'nats'
  readonly options: SideOptions
}

/** One side of a race without a broker. */
export type RigSide =
  | { readonly of: 'recordcast, embedded' | 'EventEmitter + JSON copy'; readonly load: Load }
  | { readonly of: 'recordcast, encoding' | 'JSON.stringify a listener'; readonly load: EncodeLoad }
  | { readonly of: 'recordcast, matching' | 'sift, a query a pattern'; readonly load: MatchLoad }

export type SideSpec = BrokerSide | RigSide

/** What a side is told to do; 'rig' is for those without a broker. */
export type Order =
  | { readonly run: 'flow'; readonly events: number }
  | { readonly run: 'latency'; readonly perSecond: number; readonly seconds: number }
  | { readonly run: 'rig' }
  | { readonly run: 'close' }

export type Figures = Readonly<Record<string, number>>

/** What it gives back: figures by name, none for 'close' and when it has been opened; or why not. */
export type Answer = { readonly figures: Figures } | { readonly failure: string }
