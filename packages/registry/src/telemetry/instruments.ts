/** A counter or a histogram as Prometheus names them. */
export interface Instrument {
  readonly name: string
  readonly type: 'counter' | 'histogram'
  readonly help: string
  readonly labels: readonly string[]
  /** Upper bounds of a histogram's buckets. */
  readonly buckets?: readonly number[]
}

const seconds = [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10, 30]

/*
Everything that is measured. Labels are bounded: `service` and `listener` are names of this process's own, `event` is a declared event type (a custom kind that was not
declared is counted as `record.*`, and what a listener has no handler for as `other`), `loader` a link of a record, `outcome` one of those in the help.
*/
export const instruments: readonly Instrument[] = [
  {
    name: 'recordcast_emits_total',
    type: 'counter',
    help: 'Emits by outcome: delivered (in at least one queue), unwanted (in none), failed',
    labels: ['service', 'event', 'outcome'],
  },
  {
    name: 'recordcast_publishes_total',
    type: 'counter',
    help: 'Copies of events by outcome: confirmed by the broker, or the queue was gone',
    labels: ['service', 'event', 'outcome'],
  },
  {
    name: 'recordcast_emit_duration_seconds',
    type: 'histogram',
    help: 'From the emit until all its copies were confirmed, or it failed',
    labels: ['service', 'event'],
    buckets: seconds,
  },
  {
    name: 'recordcast_loader_duration_seconds',
    type: 'histogram',
    help: 'Calls of loaders',
    labels: ['service', 'loader'],
    buckets: seconds,
  },
  {
    name: 'recordcast_loader_keys_total',
    type: 'counter',
    help: 'Keys that loaders were asked for, by outcome: loaded, failed',
    labels: ['service', 'loader', 'outcome'],
  },
  {
    name: 'recordcast_deliveries_total',
    type: 'counter',
    help: 'Deliveries by outcome: handled, retried, parked, duplicate, suppressed, returned',
    labels: ['listener', 'event', 'outcome'],
  },
  {
    name: 'recordcast_handler_duration_seconds',
    type: 'histogram',
    help: 'Calls of handlers that were made, whatever came of them',
    labels: ['listener', 'event'],
    buckets: seconds,
  },
]
