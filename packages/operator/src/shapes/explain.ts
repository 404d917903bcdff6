import { explainAnswer, explainRequest } from '@recordcast/protocol/requests'
import { z } from 'zod'
import { parkedRow } from './parked.js'
import { depth, instanceOf, problemSchema, queueId } from './parts.js'

export const explainInput = z
  .object({
    listener: queueId,
    /** The id of an event that was emitted. */
    event: z.string().min(1).max(255).optional(),
    /** Or one made up: nothing is published, loaders are called as they would be. */
    sample: explainRequest.shape.sample,
  })
  .refine(
    ({ event, sample }) => (event === undefined) !== (sample === undefined),
    'expected either "event" or "sample"',
  )

/** Where the event is, as far as could be told. The first that holds, in this order. */
const fate = z.enum([
  /** On the shelf of parked messages. */
  'parked',
  /** In the queue or handled: the broker confirmed it. Queues do not tell which messages they hold. */
  'delivered',
  /** Put into the queue unless the broker says no. */
  'pending',
  /** The broker did not take it. */
  'failed',
  /** The queue was not there. */
  'gone',
  /** Held back by the tenant, the filter or selected-changed. */
  'held-back',
  /** The source refuses the subscription, or the listener has none to the event's type. */
  'not-subscribed',
  /** A made-up event: it would go. */
  'would-go',
  /** No source could tell. */
  'unknown',
])

export const explained = z.object({
  listener: queueId,
  fate,
  /** The answer in sentences, most important first. */
  because: z.array(z.string()),
  /** One for each source instance and subscription set that was asked. */
  answers: z.array(
    z.object({
      ...instanceOf,
      set: z.string(),
      answer: explainAnswer.omit({ v: true, kind: true, instance: true }).optional(),
      problem: problemSchema.optional(),
    }),
  ),
  queue: z.object({ depth: depth.optional(), paused: z.boolean(), problem: problemSchema.optional() }),
  parked: parkedRow.optional(),
  /** What could not be told, and why. */
  unknown: z.array(z.object({ what: z.string(), why: z.string() })),
})
