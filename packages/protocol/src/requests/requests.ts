import { z } from 'zod'
import { protocolVersion } from '../control/facts.js'
import { plainObject, setName, text } from '../control/parts.js'
import { decisionsAnswer, decisionsRequest, explainAnswer, explainRequest } from './explain.js'
import { problem, told } from './problem.js'
import { statsAnswer, statsRequest } from './stats.js'

/** Asked of a source: have you taken in this generation of this fact, and what do you say of each subscription? */
const verdictRequest = z.object({
  v: z.literal(protocolVersion),
  kind: z.literal('verdict'),
  key: text(1024),
  set: setName,
})

/** Asked of a source: the attributes that an event lacked when it was published, as of now. */
const completeRequest = z.object({
  v: z.literal(protocolVersion),
  kind: z.literal('complete'),
  event: text(512),
  type: text(129),
  subject: text(1024),
  tenant: z.string().max(256).optional(),
  attributes: z.array(text(4096)).max(1024),
  /** Field paths of a filter, each a list of names. */
  filter: z
    .array(z.array(z.string().max(1024)).max(64))
    .max(1024)
    .optional(),
})

/** Asked of a listener: is anybody there who holds this set? A listener that is looks after its queue before it answers. */
const aliveRequest = z.object({ v: z.literal(protocolVersion), kind: z.literal('alive') })

export const requestSchema = z.discriminatedUnion('kind', [
  verdictRequest,
  completeRequest,
  aliveRequest,
  statsRequest,
  decisionsRequest,
  explainRequest,
])
export type ControlRequest = z.infer<typeof requestSchema>

export const subscriptionVerdict = z.object({
  event: text(129),
  /** 'not-mine': this source does not own the record type. */
  verdict: z.enum(['accepted', 'refused', 'not-mine']),
  reasons: z.array(problem).max(16_384),
})
export type SubscriptionVerdict = z.infer<typeof subscriptionVerdict>

const verdictAnswer = z.object({
  v: z.literal(protocolVersion),
  kind: z.literal('verdict'),
  verdicts: z.array(subscriptionVerdict).max(256),
})

const completeAnswer = z.object({
  v: z.literal(protocolVersion),
  kind: z.literal('complete'),
  /** false: this instance does not remember the event and tells of the record as it is now; another instance may know better. */
  remembered: z.boolean().optional(),
  /** Canonical path to value, of those that could be told. */
  values: plainObject,
  /** The event cut down to the filter's paths, when asked for. */
  filter: plainObject.optional(),
  failed: z.array(z.object({ path: text(4096), code: text(64), message: told })).max(2048),
})

const aliveAnswer = z.object({
  v: z.literal(protocolVersion),
  kind: z.literal('alive'),
  instance: text(256),
  /** false: it is still starting and may yet be refused. */
  started: z.boolean().optional(),
})

const errorAnswer = z.object({ v: z.literal(protocolVersion), kind: z.literal('error'), problem })

export const answerSchema = z.discriminatedUnion('kind', [
  verdictAnswer,
  completeAnswer,
  aliveAnswer,
  statsAnswer,
  decisionsAnswer,
  explainAnswer,
  errorAnswer,
])
export type ControlAnswer = z.infer<typeof answerSchema>
