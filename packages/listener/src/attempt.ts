import type { SourceFact } from '@recordcast/protocol/control'
import { RecordcastError } from '@recordcast/protocol/errors'
import type { MissingAttribute, WireEvent } from '@recordcast/protocol/wire'
import type { Delivery } from '@recordcast/transport'
import { isPromise } from '@recordcast/transport/consume'
import { ask } from './ask.js'
import { attributeMissing, type Cut, cut } from './attributes.js'
import type { Belonging } from './belongs.js'
import type { Settings } from './check-options.js'
import type { Counts } from './counts.js'
import { isTheirs, isWantedElsewhere, passes } from './decide.js'
import { toFailure } from './failure.js'
import { handle, isAborted } from './handle.js'
import type { ListenerEvent } from './handler.js'
import type { Look } from './look.js'
import type { Neighbours } from './neighbours.js'
import type { Observation } from './observe.js'
import type { Overdue } from './overdue.js'
import type { Patience } from './patience.js'
import type { Outcome } from './settle.js'
import type { Subscribed } from './subscribe.js'
import { within } from './within.js'

/** What all attempts of a listener have in common. */
export interface Around {
  readonly settings: Settings
  readonly counts: Counts
  readonly sources: () => Iterable<SourceFact>
  readonly neighbours: () => Neighbours
  readonly look: Look
  readonly set: string
  /** When this set was first announced (ms). */
  readonly since: number
  readonly patience: Patience
  readonly overdue: Overdue
}

export interface AttemptInput {
  readonly around: Around
  readonly delivery: Delivery
  readonly event: WireEvent
  /** The header that names the sets which want it. */
  readonly wanted: string | undefined
  /** Deliveries without a verdict that speak against the event. */
  readonly unanswered: number
  /** Under which it is remembered. */
  readonly key: string
  readonly subscribed: Subscribed
  readonly belonging: Belonging
  /** Its header names none but sets of which this instance has never heard. */
  readonly unheard: boolean
  readonly observation: Observation | undefined
}

/** Whose an event is, judged by these neighbours. */
export interface Seen {
  readonly belonging: Belonging
  readonly neighbours: Neighbours
}

export type Attempted = Outcome | 'theirs' | 'nobody' | 'duplicate' | 'given-up'

/**
 * One turn of one event: filter, dedup, attributes, handler. Never throws or rejects, and gives a promise only if something has to be
 * waited for.
 */
export function attempt(input: AttemptInput): Attempted | Promise<Attempted> {
  if (isAborted(input.delivery) || input.around.patience.over) return 'given-up'
  try {
    const passed = input.unheard ? false : passes(input)
    const attempted = passed === true ? unlessKnown(input) : decideFirst(input, passed)
    return attempted instanceof Promise ? attempted.catch(failed) : attempted
  } catch (thrown) {
    return failed(thrown)
  }
}

const failed = (thrown: unknown): Attempted => ({ ok: false, failure: toFailure(thrown) })

/** For an event of which it is not known yet whether it is for this handler. */
async function decideFirst(input: AttemptInput, passed: boolean | Promise<boolean>): Promise<Attempted> {
  if (input.unheard && (await isTheirs(input))) return 'theirs'
  const mine = input.unheard ? await passes(input) : await passed
  if (!mine) return (await isWantedElsewhere(input)) ? 'theirs' : 'nobody'
  return unlessKnown(input)
}

function unlessKnown(input: AttemptInput): Attempted | Promise<Attempted> {
  const { key } = input
  const { settings } = input.around
  const known = settings.dedup.has(key)
  return isPromise(known) ? unlessKnownLater(input, known) : known ? 'duplicate' : complete(input)
}

async function unlessKnownLater(input: AttemptInput, known: PromiseLike<unknown>): Promise<Attempted> {
  const { settings } = input.around
  const had = await within(settings.broker.clock, settings.timeoutMs, 'The dedup store', known)
  return had ? 'duplicate' : complete(input)
}

function complete(input: AttemptInput): Attempted | Promise<Attempted> {
  const failedBefore = input.around.overdue.take(input.delivery)
  if (failedBefore !== undefined) return failedBefore
  refuseSilent(input)
  const attributes = attributesOf(input)
  return attributes instanceof Promise ? runLater(input, attributes) : run(input, attributes)
}

function run(input: AttemptInput, { data, missing }: Attributes): Attempted | Promise<Attempted> {
  const { around, delivery, event, subscribed, observation } = input
  const { settings, patience } = around
  const { clock } = settings.broker
  const began = clock.now()
  const outcome = handle({
    handler: observation === undefined ? subscribed.handler : observation.handler(subscribed.handler),
    event: toListenerEvent(event, data, missing),
    timeoutMs: settings.timeoutMs,
    clock,
    delivery,
    patience,
  })
  return outcome instanceof Promise ? heardLater(input, began, outcome) : heard(input, began, outcome)
}

function heard({ around, delivery }: AttemptInput, began: number, told: Outcome | 'given-up'): Attempted {
  const { settings, overdue, counts } = around
  counts.handlerMs += settings.broker.clock.now() - began
  return told !== 'given-up' && overdue.keep(delivery, told) ? 'given-up' : told
}

/** A function of its own, so that what it keeps is made only for a handler that gives a promise. */
function heardLater(input: AttemptInput, began: number, telling: Promise<Outcome | 'given-up'>): Promise<Attempted> {
  return telling.then((told) => heard(input, began, told))
}

const runLater = (input: AttemptInput, coming: Promise<Attributes>): Promise<Attempted> =>
  coming.then((attributes) => run(input, attributes))

/** @throws RecordcastError handler-silent for an event whose handler has had its chances and never said anything */
function refuseSilent({ around, unanswered }: AttemptInput): void {
  const { mostUnanswered } = around.settings
  if (unanswered < mostUnanswered) return
  const sentence = `It was handed out ${unanswered} times without a verdict; its handler may be what ends the process`
  throw new RecordcastError('handler-silent', sentence, { expected: `a verdict within ${mostUnanswered} deliveries` })
}

type Attributes = Pick<Cut, 'data' | 'missing'>

function attributesOf(input: AttemptInput): Attributes | Promise<Attributes> {
  const { around, event, delivery, subscribed } = input
  const { settings } = around
  const first = cut(subscribed, event, delivery.attempt)
  if (first.lacking.length === 0) return first
  if (settings.missing === 'allow' && event.missing !== undefined) {
    // The handler wants it at once, without a second try for what had failed. What was never sent is still asked for.
    const failed = new Set(event.missing.map(({ path }) => path))
    if (first.lacking.every((atom) => failed.has(atom))) return first
  }
  return completedAttributes(input, first)
}

async function completedAttributes(input: AttemptInput, first: Cut): Promise<Attributes> {
  const { around, event, delivery } = input
  const { settings } = around
  let completed: Cut
  try {
    const { values, failed } = await ask(input, first.lacking)
    completed = cut(input.subscribed, event, delivery.attempt, { values, failed })
  } catch (error) {
    if (settings.missing === 'allow') return first
    throw error
  }
  if (completed.missing.length > 0 && settings.missing === 'retry') throw attributeMissing(completed.missing)
  return completed
}

function toListenerEvent(
  event: WireEvent,
  data: Readonly<Record<string, unknown>>,
  missing: readonly MissingAttribute[],
): ListenerEvent {
  const { id, type, subject: record, time, source, tenant, user, audience = 'service' } = event
  const seen: { -readonly [K in keyof ListenerEvent]: ListenerEvent[K] } = {
    id,
    type,
    record,
    time,
    source,
    audience,
    data,
    missing,
  }
  if (tenant !== undefined) seen.tenant = tenant
  if (user !== undefined) seen.user = user
  return seen
}
