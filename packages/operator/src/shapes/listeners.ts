import { statsAnswer, subscriptionVerdict } from '@recordcast/protocol/requests'
import { z } from 'zod'
import { count, depth, instanceOf, json, moment, pageInput, pageOf, problemSchema, queueId } from './parts.js'

const tenants = z.union([z.literal('all'), z.array(z.string())])

/** One event type that one subscription set of a listener asks for. */
const subscriptionRow = z.object({
  queue: queueId,
  listener: z.string().meta({ examples: ['billing.audit'] }),
  service: z.string(),
  delivery: z.enum(['shared', 'each']),
  set: z.string(),
  generation: z.int(),
  since: moment,
  event: z.string().meta({ examples: ['issue.changed'] }),
  /** Canonical, sorted. */
  attributes: z.array(z.string()),
  filter: json.optional(),
  when: z.literal('selected-changed').optional(),
  tenants,
})

/** `attribute`: read as it stands or beneath it, in the payload or the filter. `tenant`: whose events it may get. */
export const subscriptionsInput = pageInput.extend({
  service: z.string().max(256).optional(),
  event: z.string().max(129).optional(),
  attribute: z.string().max(1024).optional(),
  tenant: z.string().max(256).optional(),
})
export const subscriptionsPage = pageOf(subscriptionRow)

export const listenerRow = z.object({
  queue: queueId,
  listener: z.string(),
  service: z.string(),
  delivery: z.enum(['shared', 'each']),
  since: moment,
  /** Subscription sets that stand on the board now; two while a deploy rolls. */
  sets: count,
  events: z.array(z.string()),
  /** Distinct attributes over all sets. */
  attributes: count,
  /** Absent when it could not be told; then `problem` says why. A queue that is gone has `missing`. */
  depth: depth.optional(),
  missing: z.literal(true).optional(),
  problem: problemSchema.optional(),
  paused: z.object({ since: moment, by: z.string().optional() }).optional(),
})

/** `search`: a part of the listener's, service's or queue's name. */
export const listenersInput = pageInput.extend({
  search: z.string().max(256).optional(),
  service: z.string().max(256).optional(),
})
export const listenersPage = pageOf(listenerRow)

const answered = { ...instanceOf, problem: problemSchema.optional() }

/** What the sources counted for a listener, by event type, summed over their instances. Counts begin with each instance. */
const counted = z.object({
  event: z.string(),
  seen: count,
  delivered: count,
  suppressed: z.object({ filter: count, tenant: count, unchanged: count }),
})

export const listenerDetail = listenerRow.extend({
  sets: z.array(
    z.object({
      set: z.string(),
      generation: z.int(),
      since: moment,
      address: z.string(),
      subscriptions: z.array(
        subscriptionRow.pick({ event: true, attributes: true, filter: true, when: true, tenants: true }),
      ),
      /** One instance that holds this set answered for all of them; absent: nobody did, and `problem` says why. */
      instance: z.object({ instance: z.string(), upMs: count, stats: statsAnswer.shape.listener }).optional(),
      problem: problemSchema.optional(),
      /** What each source instance says of the set. */
      verdicts: z.array(z.object({ ...answered, verdicts: z.array(subscriptionVerdict).optional() })),
    }),
  ),
  counts: z.object({
    events: z.array(counted),
    /** Source instances that could not be asked; their counts are lacking above. */
    unknown: z.array(z.object({ ...instanceOf, problem: problemSchema })),
  }),
})
