import type { BrokerNode } from '../brokers/node.js'

/** The brokers on which every scenario runs. */
export const brokerNames = ['amqp', 'nats'] as const
export type BrokerName = (typeof brokerNames)[number]

/** A broker of the scenario's own. */
export interface PrivateBroker {
  readonly url: string
  readonly urls: readonly string[]
  readonly nodes: readonly BrokerNode[]
  /** The node of a cluster that leads a queue or, on NATS, a stream, by the broker's own name for it. */
  leader(name: string): Promise<BrokerNode>
  /** rabbitmqctl; rejects on NATS. */
  ctl(...args: readonly string[]): Promise<string>
}

export interface Room {
  readonly broker: BrokerName
  /** 'short' belongs to `npm test` and takes seconds; 'long' to `npm run soak`. */
  readonly size: 'short' | 'long'
  /** The scenario's own, so that several can share a broker. */
  readonly namespace: string
  /** A private broker that all scenarios of a run share: for those that leave it in peace. */
  sharedBroker(): Promise<PrivateBroker>
  /** Starts a private broker that ends with the scenario. */
  startBroker(options?: {
    readonly nodes?: 1 | 3
    readonly config?: Readonly<Record<string, string | number>>
    /** RabbitMQ: numbers of the application's environment that `config` has no words for. */
    readonly advanced?: Readonly<Record<string, number>>
    /** NATS: most that JetStream keeps in files, in bytes. */
    readonly storeBytes?: number
  }): Promise<PrivateBroker>
  /** Adds what must be undone when the scenario ends, whatever comes of it; latest first. */
  ends(undo: () => Promise<unknown>): void
  /** Prints a line of progress in the long form. */
  note(text: string): void
}

/** What a scenario counted. Every figure is counted, none assumed. */
export interface Outcome {
  readonly emitted: number
  /** Emits that resolved. */
  readonly resolved: number
  /** Handled at least once, of all listeners together. */
  readonly handled: number
  /** Resolved, and not handled or parked by a listener that must have it. */
  readonly lost: number
  /** Handled successfully more than once. */
  readonly duplicated: number
  /** From the end of the fault until events flowed again; undefined where nothing had to recover. */
  readonly recoveredAfterMs?: number
  /** Further figures, printed behind. */
  readonly also?: Readonly<Record<string, number | string>>
}

export interface Scenario {
  /** '1', '1b'. */
  readonly number: string
  /** The fault, in a few words. */
  readonly fault: string
  /** Absent: both. */
  readonly brokers?: readonly BrokerName[]
  /** Brokers on which the short form does not hold yet, each with what is seen there; `npm run soak` runs it all the same. */
  readonly open?: Partial<Record<BrokerName, string>>
  /**
   * Most milliseconds for the short form. Default 150,000: whoever waits in vain for one thing gives up after a minute, tells for what, and
   * has time left to undo everything.
   */
  readonly shortMs?: number
  /** Does it, and throws on whatever must not be; `lost` other than 0 fails as well. */
  run(room: Room): Promise<Outcome>
}
