import { z } from 'zod'
import { count, instanceOf, moment, problemSchema, queueId } from './parts.js'

const reader = z.object({
  queue: queueId,
  listener: z.string(),
  service: z.string(),
  event: z.string(),
  /** payload: it is sent. filter: a condition reads it. compared: `when: 'selected-changed'` does. */
  as: z.enum(['payload', 'filter', 'compared']),
  /** The expression, or the field of the filter, as it was written. */
  expression: z.string(),
  since: moment,
  /** payload: how often it was delivered; filter: how many events the condition was held against. Absent: no source could say. */
  times: count.optional(),
})

export const attributesReport = z.object({
  record: z.string(),
  /** Services that own the record type. */
  owners: z.array(z.string()),
  attributes: z.array(
    z.object({
      path: z.string().meta({ examples: ['author.login'] }),
      /** JSON types as the schema has them; empty where it does not say. */
      types: z.array(z.string()),
      /** The record type that it belongs to, where a link leads to another one. */
      of: z.string().optional(),
      link: z.literal(true).optional(),
      sensitive: z.literal(true).optional(),
      /** Read, yet not in the schema: it is open there, or the source changed. */
      undeclared: z.literal(true).optional(),
      readers: z.array(reader),
    }),
  ),
  /** Source instances whose counts are lacking. */
  unknown: z.array(z.object({ ...instanceOf, problem: problemSchema })),
})

export const impactInput = z.union([
  z.object({ remove: z.array(z.string().min(1).max(1024)).min(1).max(256) }),
  z.object({ schema: z.record(z.string(), z.unknown()) }),
])

const consequence = z.object({
  queue: queueId,
  listener: z.string(),
  service: z.string(),
  event: z.string(),
  set: z.string(),
  as: reader.shape.as,
  expression: z.string(),
  /** The attribute that goes or changes, from the record that was asked about. */
  path: z.string(),
  message: z.string(),
  nearest: z.array(z.string()).optional(),
})

export const impactReport = z.object({
  record: z.string(),
  /** What will be refused when the source starts with this schema: the path no longer exists. */
  breaks: z.array(consequence),
  /** What stays accepted and means something else: another type, or an object read whole that lacks a part. */
  changes: z.array(consequence),
  /** Queues that read the record. */
  listeners: count,
  /** Queues with something in `breaks`. */
  broken: z.array(queueId),
})
