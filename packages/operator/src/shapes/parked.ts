import { z } from 'zod'
import { count, json, moment, pageInput, problemSchema, queueId } from './parts.js'

export const parkedRow = z.object({
  /** The message's own id: that of the event, with `#r…` after a replay. */
  id: z.string(),
  /** Why it was parked. Free text of handlers: it may quote what an event held. */
  code: z.string().meta({ examples: ['handler-failed'] }),
  message: z.string(),
  attempts: count,
  parkedAt: moment,
  firstFailedAt: z.string().optional(),
  bytes: count,
  /** Of the event, where its body can be read. */
  event: z
    .object({
      id: z.string(),
      type: z.string(),
      subject: z.string(),
      time: moment,
      source: z.string(),
      tenant: z.string().optional(),
    })
    .optional(),
})

export const parkedInput = pageInput.extend({ code: z.string().min(1).max(64).optional() })

export const parkedList = z.object({
  queue: queueId,
  /** How many are parked. */
  total: count,
  /** How many of them, oldest first, were looked at; groups and items are of those. */
  looked: count,
  groups: z.array(z.object({ code: z.string(), count, oldest: moment, newest: moment, types: z.array(z.string()) })),
  items: z.array(parkedRow),
  next: z.string().optional(),
})

export const parkedMessage = parkedRow.extend({
  queue: queueId,
  stack: z.string().optional(),
  firstError: z.string().optional(),
  headers: z.record(z.string(), z.string()),
  /** The event's attributes with what is sensitive masked. Absent: the body cannot be read, and `undecodable` says why. */
  data: json.optional(),
  missing: z.array(z.object({ path: z.string(), code: z.string(), message: z.string() })).optional(),
  /** Whether anything was masked, and whether all of it was because no source that stands on the board knows the record type. */
  masked: z.enum(['no', 'some', 'all']),
  undecodable: problemSchema.optional(),
})

/** Which parked messages: of these ids, of this error code, or all. */
export const which = z.union([
  z.object({ ids: z.array(z.string().min(1).max(255)).min(1).max(1000) }),
  z.object({ code: z.string().min(1).max(64) }),
  z.object({ all: z.literal(true) }),
])

export const replayReport = z.object({
  queue: queueId,
  action: z.enum(['replay', 'drop']),
  dryRun: z.boolean(),
  /** false: it still goes on. */
  finished: z.boolean(),
  startedAt: moment,
  /** How many it picks out of how many it has looked at so far. */
  selected: count,
  looked: count,
  replayed: count,
  dropped: count,
  /** Messages that could not be replayed; they stay parked. At most 100 are named. */
  failed: z.array(z.object({ id: z.string(), problem: problemSchema })),
  failures: count,
  /** What ended it before its time. */
  problem: problemSchema.optional(),
})
