import { z } from 'zod'
import { protocolVersion } from '../control/facts.js'
import { plainObject, text } from '../control/parts.js'
import { problem, told } from './problem.js'

/*
What became of events, asked of a source by operators. A source keeps a bounded log of its latest events and what it decided about each queue; it
tells of them page by page (`decisions`) and explains one of them, or an event that was only made up, for one subscription set (`explain`).
*/

export const decisionsRequest = z.object({
  v: z.literal(protocolVersion),
  kind: z.literal('decisions'),
  /** Only what came after this mark, as an earlier answer gave it; absent: the oldest that is kept. */
  after: z.int().min(0).optional(),
  limit: z.int().min(1).max(500).default(100),
})

/** What a source did about one queue, as far as it is decided. */
const outcome = z.object({
  queue: text(512),
  /**
   * delivered: confirmed by the broker. filter, tenant, unchanged: held back, by reason. gone: the queue was not there. failed: not
   * confirmed within the time. pending: not decided yet.
   */
  outcome: z.enum(['delivered', 'filter', 'tenant', 'unchanged', 'gone', 'failed', 'pending']),
  /** Of a delivered or failed one: milliseconds from the emit. */
  ms: z.number().min(0).optional(),
  bytes: z.int().min(0).optional(),
  problem: problem.optional(),
})

const decision = z.object({
  /** The event. */
  id: text(512),
  type: text(129),
  subject: text(1024),
  tenant: z.string().max(256).optional(),
  /** ISO 8601 UTC. */
  time: text(40),
  /** Queues for which the index found the event worth a look, at most 64. Those whose filter the facts ruled out at once are not listed. */
  outcomes: z.array(outcome).max(64),
  /** How many there were, if more than are listed. */
  more: z.int().min(1).optional(),
})

export const decisionsAnswer = z.object({
  v: z.literal(protocolVersion),
  kind: z.literal('decisions'),
  instance: text(256),
  /** Oldest first. */
  decisions: z.array(decision).max(500),
  /** The mark to ask on with. */
  next: z.int().min(0),
  /** Every n-th event is kept. */
  sample: z.int().min(1),
  /** How many events the log holds at most; 0: it is switched off. */
  keeps: z.int().min(0),
})

export const explainRequest = z.object({
  v: z.literal(protocolVersion),
  kind: z.literal('explain'),
  /** `queue/set` of the listener's fact. */
  key: text(1024),
  /** The id of an event that was emitted; or else `sample`. */
  event: text(512).optional(),
  /** An event that was not emitted: nothing is published, loaders are called as they would be. */
  sample: z
    .object({
      type: text(129),
      subject: text(1024),
      tenant: z.string().max(256).optional(),
      before: plainObject.optional(),
      after: plainObject.optional(),
    })
    .optional(),
})

const scalar = z.union([z.string().max(8192), z.number(), z.boolean(), z.null()])

const explainedLeaf = z.object({
  /** Names from the top of the event to the field. */
  path: z.array(z.string().max(1024)).max(64),
  /** JSON pointer into the filter. */
  pointer: told,
  branch: told.optional(),
  wanted: z.array(z.unknown()).max(1024),
  found: z.array(scalar).max(16),
  held: z.boolean(),
  unknown: z.literal(true).optional(),
  replaced: z.literal(true).optional(),
})

const explainedAttribute = z.object({
  /** Canonical. */
  path: text(4096),
  /** fact: the emitted facts carry it. loaded: a loader was called for it now. cached: from a cache. failed: it could not be had. */
  from: z.enum(['fact', 'loaded', 'cached', 'failed']),
  problem: problem.optional(),
})

export const explainAnswer = z.object({
  v: z.literal(protocolVersion),
  kind: z.literal('explain'),
  instance: text(256),
  /** false: this instance does not remember the event that was asked about; nothing below but the verdict is then told. */
  remembered: z.boolean(),
  event: z
    .object({
      id: text(512),
      type: text(129),
      subject: text(1024),
      tenant: z.string().max(256).optional(),
      time: text(40),
    })
    .optional(),
  /**
   * What this source says of the subscription to the event's type. 'none': the listener has none to that type. 'unknown-event': the listener is known, the event is not
   * remembered here; another instance may know it.
   */
  verdict: z.enum(['accepted', 'refused', 'not-mine', 'none', 'unknown-listener', 'unknown-event']),
  reasons: z.array(problem).max(64),
  /**
   * Each check as far as it applies; `held` false is a reason why the event did not go. Made for the subscription as it stands now. An event that nobody had subscribed to
   * is remembered without its facts: then only the tenant is told.
   */
  tenant: z
    .object({
      wanted: z.union([z.literal('all'), z.array(text(256)).max(256)]),
      found: z.string().max(256).optional(),
      held: z.boolean(),
    })
    .optional(),
  filter: z
    .object({
      held: z.boolean(),
      leaves: z.array(explainedLeaf).max(1024),
      onlyInDifferentElements: z.boolean(),
      /** The event's lists and texts are too long to decide it here: it counts as holding, no leaf is told, and the listener decides. */
      undecided: z.literal(true).optional(),
    })
    .optional(),
  changed: z
    .object({ held: z.boolean(), compared: z.array(text(4096)).max(256), differing: z.array(text(4096)).max(256) })
    .optional(),
  attributes: z.array(explainedAttribute).max(1024).optional(),
  /** What really became of it, if it was emitted and is remembered. */
  outcome: outcome.optional(),
  /** Whether it would go into the queue by these checks. */
  goes: z.boolean().optional(),
  /** Something above was too long and has been cut: values to 256 characters, lists to what the answer can hold. */
  cut: z.literal(true).optional(),
})
