import { z } from 'zod'
import { splitEventType } from '../record.js'
import { plainObject, queueName, setName, text } from './parts.js'

/*
Facts are what services say of themselves on the boards. Each is written whole, on change only. Unknown fields are passed
over, so that a later release may add some; a change that an older reader must not pass over raises `protocolVersion`.
*/

/** Version of the control messages that this package speaks. */
export const protocolVersion = 1

/** The boards: listeners announce on one, sources on the other; on the third operators write which listeners are to pause. */
export const boards = { listeners: 'listeners', sources: 'sources', pauses: 'pauses' } as const

const eventType = text(129).refine((name) => splitEventType(name) !== undefined, 'expected "record.kind"')

/** One event type, what a listener wants to know of it and under which conditions. */
export const subscriptionSchema = z.object({
  event: eventType,
  /** Atoms of the attribute language: canonical, sorted, without aliases. */
  attributes: z.array(text(4096)).max(1024),
  /** An event pattern; absent: every event. */
  filter: plainObject.optional(),
  when: z.literal('selected-changed').optional(),
  /** With `when`: the canonical expressions whose values are compared; the atoms alone would tell a change that an or-else hides. */
  selected: z.array(text(4096)).max(256).optional(),
  /** 'all', or the tenants whose events may be put into this listener's queue. */
  tenants: z
    .union([z.literal('all'), z.array(text(256)).max(10_000)], { error: 'expected "all" or a list of tenants' })
    .default('all'),
})
export type Subscription = z.infer<typeof subscriptionSchema>

/** What stands on the board `listeners`, one a queue and subscription set, under the key `queue/set`. */
export const listenerFactSchema = z.object({
  v: z.literal(protocolVersion),
  kind: z.literal('listener'),
  service: text(256),
  /** `service` or `service.name`. */
  listener: text(512),
  queue: queueName,
  delivery: z.enum(['shared', 'each']),
  /** Digest of the subscriptions: instances with the same set share one fact. */
  set: setName,
  /** 1 for the first set of a queue; each different set that comes after is one higher. */
  generation: z.int().min(1),
  /** Where the instances that hold this set answer. */
  address: text(1024),
  /** ISO 8601 UTC, of the first announcement; for people, never compared. */
  since: text(40),
  subscriptions: z
    .array(subscriptionSchema)
    .min(1)
    .max(256)
    .refine((list) => new Set(list.map(({ event }) => event)).size === list.length, 'expected each event type once'),
})
export type ListenerFact = z.infer<typeof listenerFactSchema>

/** One record type as its owner announces it. */
const announcedRecordSchema = z.object({
  name: text(64),
  /** JSON Schema 2020-12; absent when the schema library cannot tell. */
  schema: plainObject.optional(),
  links: z.array(text(256)).max(256),
  /** The record types that links lead to, where they were named. */
  targets: z.record(text(256), text(64)).optional(),
  /** Paths whose values operators must not see, such as `author.mail`; what lies below one is sensitive as well. */
  sensitive: z.array(text(1024)).max(1024).optional(),
  /** Custom kinds; absent: any custom kind may come. */
  events: z.array(text(64)).max(1024).optional(),
})

/** What stands on the board `sources`, one an instance, under the key `service/instance`. */
export const sourceFactSchema = z.object({
  v: z.literal(protocolVersion),
  kind: z.literal('source'),
  service: text(256),
  instance: text(256),
  address: text(1024),
  since: text(40),
  records: z.array(announcedRecordSchema).max(1024),
})
export type SourceFact = z.infer<typeof sourceFactSchema>

/** What stands on the board `pauses`, under the queue, for as long as no instance is to consume the queue. */
export const pauseFactSchema = z.object({
  v: z.literal(protocolVersion),
  kind: z.literal('pause'),
  queue: queueName,
  /** ISO 8601 UTC; for people. */
  since: text(40),
  /** Who asked for it; for people. */
  by: z.string().max(256).optional(),
})
export type PauseFact = z.infer<typeof pauseFactSchema>
