/** One way to bring events from a sender to listeners over a broker, both in this process. */
export interface Side {
  readonly listeners: number
  /** Copies that may be unconfirmed at once; default `mostUnconfirmed`. */
  readonly window?: number
  /** Sends event `n` to every listener; `done` is called once the broker has confirmed every copy. */
  send(n: number, done: (error?: unknown) => void): void
  /** Called with the number of an event once for each listener that handles it. Set by whoever measures. */
  heard: (n: number) => void
  /** Ends it and deletes what it made on the broker. */
  close(): Promise<void>
}

export interface SideOptions {
  readonly url: string
  readonly listeners: number
  /** Bytes of a whole body on the wire, of a handful more or less. */
  readonly bytes: number
}

/** Copies that may be unconfirmed at once, on every side. */
export const mostUnconfirmed = 2000
/** Copies that a listener may hold without an ack, on every side. */
export const mostUnacked = 500
