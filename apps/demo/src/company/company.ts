import type { SourceStats } from '../sdk.js'
import type { Store } from '../store.js'

/*
Who plays the demo. demo.ts tells the order of events to a company and does not know where its people are: all in this process, on one
connection (together.ts), or each in a process with a connection of its own (apart.ts). What they take and give is therefore plain JSON.
*/
export interface Company {
  readonly replayer: Replayer
  /** Brings one instance of a listener in; it does nothing until it is started. */
  player(service: string): Player
  /** Aborted, with an error that says whom and why, when somebody went who had not been dismissed. */
  readonly lost: AbortSignal
  /** Dismisses all who are still there. Called twice it resolves twice. */
  close(): Promise<void>
}

/** One instance of a listener. */
export interface Player {
  start(): Promise<Started>
  /** Unsubscribes for good. Called twice it resolves twice. */
  leave(): Promise<void>
  account(): Promise<Account>
}

/** How it came to know the source. */
export interface Started {
  /** The process that it runs in, where that is not this one. */
  readonly pid?: number
  /** Milliseconds that the start took. */
  readonly ms: number
  /** Subscriptions that a source on the board said yes to; none when no source was there to be asked. */
  readonly accepted: number
  readonly sources: readonly string[]
}

/** What it says of itself and what the SDK counted of it. */
export interface Account {
  readonly service: string
  readonly purpose: string
  /** What came of its work. */
  readonly result: string
  /** Distinct attribute expressions that it asks for. */
  readonly attributes: number
  readonly handled: number
  readonly bytes: number
}

/** The source, with its store and the webhooks that it replays. */
export interface Replayer {
  start(): Promise<Opened>
  /** Resolves when all of the stretch is emitted, or when it was halted. */
  play(stretch: Stretch): Promise<void>
  /** Ends this replay and every one to come. */
  halt(): Promise<void>
  account(): Promise<{ readonly stats: SourceStats; readonly store: ReturnType<Store['stats']> }>
  leave(): Promise<void>
}

export interface Opened {
  readonly pid?: number
  readonly ms: number
  /** Events that it has to emit. */
  readonly events: number
  /** Subscriptions that it took off the board, by service. */
  readonly taken: Readonly<Record<string, number>>
}

/** A part of the events, by index; all of them when nothing is said. */
export interface Stretch {
  readonly from?: number
  readonly to?: number
  /** A human pace; absent: as fast as it goes. */
  readonly eventsPerSecond?: number
}
