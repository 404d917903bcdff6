import type { SideOptions } from '../broker/side.js'

/** One side of a race: over which broker, whose code. */
export interface SideSpec {
  readonly of: 'recordcast' | 'amqplib' | 'rascal' | '@nats-io, acks confirmed' | '@nats-io, acks sent'
  readonly broker: 'amqp' | 'nats'
  readonly options: SideOptions
}

/** What a side is told to do. */
export type Order =
  | { readonly run: 'flow'; readonly events: number }
  | { readonly run: 'latency'; readonly perSecond: number; readonly seconds: number }
  | { readonly run: 'close' }

/** What it gives back: figures by name, none for 'close' and when it has been opened; or why not. */
export type Answer = { readonly figures: Readonly<Record<string, number>> } | { readonly failure: string }
