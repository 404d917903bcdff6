import { decisionsAnswer } from '@recordcast/protocol/requests'
import { z } from 'zod'
import { count, depth, instanceOf, json, moment, problemSchema, queueId } from './parts.js'

/** The bus as a picture: who puts how much into whose queue. */
export const busPicture = z.object({
  sources: z.array(
    z.object({
      service: z.string(),
      instances: count,
      /** Instances that did not answer. */
      silent: count,
      records: z.array(z.string()),
      emitted: count,
      published: count,
      failed: count,
    }),
  ),
  listeners: z.array(
    z.object({
      queue: queueId,
      listener: z.string(),
      service: z.string(),
      depth: depth.optional(),
      missing: z.literal(true).optional(),
      paused: z.boolean(),
      problem: problemSchema.optional(),
    }),
  ),
  /** By service and queue, over all instances and event types. Counts begin with each instance. */
  arrows: z.array(
    z.object({
      from: z.string(),
      to: queueId,
      events: z.array(z.string()),
      seen: count,
      delivered: count,
      suppressed: count,
    }),
  ),
  /** Listeners that are not in the picture, which shows those with the most deliveries. */
  more: count,
})

/** What becomes known while somebody follows. */
export const liveEvent = z.discriminatedUnion('type', [
  z.object({
    type: z.enum(['listener', 'source', 'pause']),
    at: moment,
    change: z.enum(['came', 'changed', 'went']),
    key: z.string(),
    /** The listener's or the source's name. */
    name: z.string(),
  }),
  z.object({
    type: z.literal('decision'),
    ...instanceOf,
    decision: decisionsAnswer.shape.decisions.unwrap(),
    /** Every n-th event is kept. */
    sample: z.int(),
  }),
  /** A source that could not be asked; told once until it answers again. */
  z.object({ type: z.literal('silent'), at: moment, ...instanceOf, problem: problemSchema }),
  z.object({ type: z.literal('audit'), at: moment, by: z.string(), action: z.string(), target: z.string() }),
])

export const orphans = z.object({
  /** Queues that nobody subscribes through; `undefined` when this broker cannot list its queues. */
  queues: z.array(z.object({ queue: z.string(), depth: depth.optional() })).optional(),
  /** Facts of listeners whose queue is gone. `alive`: an instance still answers. */
  facts: z.array(
    z.object({ key: z.string(), queue: queueId, listener: z.string(), since: moment, alive: z.boolean() }),
  ),
  /** Announcements that do not parse. */
  setAside: z.array(z.object({ board: z.string(), key: z.string(), code: z.string(), message: z.string() })),
})

export const withdrawReport = z.object({
  queue: queueId,
  dryRun: z.boolean(),
  /** Facts that go, or went. */
  facts: count,
  /** Messages that go, or went, with the queue. */
  messages: depth.optional(),
  withdrawn: z.boolean(),
})

export const pauseReport = z.object({
  queue: queueId,
  paused: z.boolean(),
  since: moment.optional(),
  by: z.string().optional(),
})

export const auditEntry = z.object({
  at: moment,
  by: z.string(),
  action: z.enum(['replay', 'drop', 'withdraw', 'pause', 'resume']),
  target: queueId,
  details: json,
  outcome: z.enum(['done', 'failed']),
  problem: problemSchema.optional(),
})

const lint = z.object({
  rule: z.enum(['unread-attribute', 'unheard-record', 'source-gone', 'schema-drift', 'unknown-attribute']),
  /** What it is about: `record`, `record.path`, a queue, or a service. */
  subject: z.string(),
  message: z.string(),
})

export const catalogue = z.object({
  /** An AsyncAPI 3.0 document. */
  document: json,
  lint: z.array(lint),
})
