import { z } from 'zod'
import { protocolVersion } from '../control/facts.js'
import { text } from '../control/parts.js'
import { problem } from './problem.js'

/** Asked of a source or a listener by operators: what has been counted since the instance was made. Counts restart with the instance. */
export const statsRequest = z.object({
  v: z.literal(protocolVersion),
  kind: z.literal('stats'),
  /** Of a source: only what concerns these queues; absent: all, page by page. */
  queues: z.array(text(512)).max(256).optional(),
  /** Of a source: how many subscriptions to pass over, in the order of their queues. */
  offset: z.int().min(0).default(0),
})

const count = z.int().min(0)

const subscriptionStats = z.object({
  queue: text(512),
  event: text(129),
  /** Events of the type emitted since the subscription was taken in. */
  seen: count,
  delivered: count,
  suppressed: z.object({ filter: count, tenant: count, unchanged: count }),
})

const loaderStats = z.object({
  name: text(4096),
  calls: count,
  keys: count,
  cacheHits: count,
  failures: count,
  /** Milliseconds that all calls took together; a whole number. */
  busyMs: count,
})

const sourceStats = z.object({
  emitted: count,
  /** Emitted while no subscription stood for their type. */
  unwanted: count,
  published: count,
  publishRetries: count,
  /** Emits that rejected because a queue did not take the event. */
  failed: count,
  /** Bodies encoded, and their bytes times the queues that they were put into. */
  projections: count,
  projectionBytes: count,
  /** Publishes without a confirm now. */
  inFlight: count,
  setAside: count,
  /** Subscriptions that stand here, in the order of their queues, from `offset` on; at most 256. */
  subscriptions: z.array(subscriptionStats).max(256),
  /** How many there are in all. */
  total: count,
  loaders: z.array(loaderStats).max(1024),
})

const listenerStats = z.object({
  received: count,
  handled: count,
  failed: count,
  retried: count,
  parked: count,
  duplicates: count,
  suppressed: count,
  returned: count,
  completed: count,
  running: count,
  waiting: count,
  /** Milliseconds that handlers have run, all together. */
  handlerMs: count,
  paused: z.boolean(),
  /** What sources that came after start() say against the subscriptions. */
  refusals: z.array(z.object({ service: text(256), instance: text(256), reasons: z.array(problem).max(64) })).max(64),
})

/** One of `source` and `listener` is there. */
export const statsAnswer = z.object({
  v: z.literal(protocolVersion),
  kind: z.literal('stats'),
  instance: text(256),
  /** Milliseconds since the instance was started. */
  upMs: count,
  source: sourceStats.optional(),
  listener: listenerStats.optional(),
})
