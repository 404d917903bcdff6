/** A figure that a measure must reach. Absolute ones hold for the machine of the table only; ratios travel. */
export interface Bar {
  /** 'ratio': how many times better ours is than theirs (above 1 is better, whichever way `better` points); 'ours': our own figure. */
  readonly of: 'ratio' | 'ours'
  readonly atLeast?: number
  readonly atMost?: number
}

/** One row of the table: a figure of ours beside what a user would otherwise write, taken in turns in the same process. */
export interface Measure {
  readonly name: string
  /** What stands on the other side, in a few words; '–' for nothing. */
  readonly against: string
  /** 'events/s', 'µs', 'ms', 'B', … of both figures. */
  readonly unit: string
  readonly better: 'higher' | 'lower'
  readonly bars: readonly Bar[]
  /** One run. Resolves with a figure; set-up that is not measured is its own business. */
  readonly ours: () => number | Promise<number>
  readonly theirs?: () => number | Promise<number>
  /** Interleaved runs; default 5. */
  readonly runs?: number
  /** Called once when the last run is over. */
  readonly end?: () => void | Promise<void>
  /** Further figures for the JSON and the line below the row, asked for at the end. */
  readonly also?: () => Readonly<Record<string, number | string>>
}

/** A part of the benchmark that can be run alone: `npm run bench -- match`. */
export interface Part {
  readonly name: string
  readonly what: string
  /** Measures are made one after the other, so that one's data does not lie in the next one's heap. */
  measures(options: PartOptions): AsyncIterable<Measure> | Iterable<Measure>
}

export interface PartOptions {
  /** Smaller loads, to see whether the benchmark works; figures of no worth. */
  readonly quick: boolean
  readonly brokers: { readonly amqp: string | undefined; readonly nats: string | undefined }
}
