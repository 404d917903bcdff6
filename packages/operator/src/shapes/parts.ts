import { problem } from '@recordcast/protocol/requests'
import { z } from 'zod'

/** A moment: ISO 8601 UTC. */
export const moment = z.string().meta({ examples: ['2026-11-26T01:02:03.456Z'] })

export const count = z.int().min(0)

/** A JSON object that passes through as it is: a schema of its own would drop an own `__proto__`. */
export const json = z.any().meta({ type: 'object' })

/** Why something could not be told or done; `code` is one of docs/errors.md. */
export const problemSchema = problem

/** One page of a list. `next` is the cursor that asks for the page after it; absent on the last one. */
export const pageOf = <T extends z.ZodType>(item: T) =>
  z.object({ items: z.array(item), total: count, next: z.string().optional() })

/** Which page: `cursor` as an earlier page gave it, and how many at most. */
export const pageInput = z.object({
  cursor: z.string().min(1).max(2048).optional(),
  limit: z.coerce.number().int().min(1).max(500).default(50),
})

/** The queue of a listener, which is its id everywhere: the listener's name, encoded; `name@instance` where each instance has its own. */
export const queueId = z
  .string()
  .min(1)
  .max(512)
  .meta({ examples: ['notifier'] })

/** A queue's state. `ready`: waiting for a consumer, now or later. `unsettled`: in flight. */
export const depth = z.object({ ready: count, unsettled: count, parked: count, attended: z.boolean() })

/** What was asked of an instance of a source. */
export const instanceOf = { service: z.string(), instance: z.string() } as const
