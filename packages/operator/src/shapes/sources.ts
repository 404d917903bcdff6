import { statsAnswer } from '@recordcast/protocol/requests'
import { z } from 'zod'
import { count, json, moment, pageOf, problemSchema, queueId } from './parts.js'

const sourceRow = z.object({
  /** `service/instance`, both encoded: the key on the board. */
  id: z.string().meta({ examples: ['forge/0199f0c8-7b1e-7c3a-9b1e-0c8f6a1d2e3f'] }),
  service: z.string(),
  instance: z.string(),
  since: moment,
  records: z.array(z.string()),
  /** From its own answer. */
  upMs: count.optional(),
  emitted: count.optional(),
  published: count.optional(),
  failed: count.optional(),
  inFlight: count.optional(),
  /** Why it did not answer; `nobody-there` is an instance that died without taking its announcement back. */
  problem: problemSchema.optional(),
})
export const sourcesPage = pageOf(sourceRow)

export const sourceDetail = sourceRow.extend({
  address: z.string(),
  records: z.array(
    z.object({
      name: z.string(),
      schema: json.optional(),
      links: z.array(z.object({ name: z.string(), target: z.string().optional() })),
      sensitive: z.array(z.string()),
      /** created, changed, deleted and the custom ones; `open`: any other custom kind may come. */
      events: z.array(z.string()),
      open: z.boolean(),
    }),
  ),
  /** Distinct sets of attributes that it makes a body for, an event type each, by how many queues share it. */
  projections: z.array(
    z.object({ event: z.string(), projection: z.string(), attributes: z.array(z.string()), queues: z.array(queueId) }),
  ),
  /** Without the subscriptions, which `listener` tells. */
  stats: statsAnswer.shape.source.unwrap().omit({ subscriptions: true }).optional(),
})
