import type { SourceFact } from '@recordcast/protocol/control'
import { RecordcastError } from '@recordcast/protocol/errors'
import { isJsonObject } from '@recordcast/protocol/names'
import type { MissingAttribute, WireEvent } from '@recordcast/protocol/wire'
import type { Delivery } from '@recordcast/transport'
import { attributeMissing, type Cut, cut } from './attributes.js'
import type { Belonging } from './belongs.js'
import type { Settings } from './check-options.js'
import { complete } from './complete.js'
import type { Counts } from './counts.js'
import { dedupKey } from './dedup.js'
import { toFailure } from './failure.js'
import { handle } from './handle.js'
import type { ListenerEvent } from './handler.js'
import type { Neighbours } from './neighbours.js'
import type { Overdue } from './overdue.js'
import type { Outcome } from './settle.js'
import type { Subscribed } from './subscribe.js'
import { wantedElsewhere } from './wanted-elsewhere.js'
import { within } from './within.js'

export interface AttemptInput {
  readonly settings: Settings
  readonly counts: Counts
  readonly sources: () => Iterable<SourceFact>
  readonly delivery: Delivery
  /** Deliveries without a verdict that speak against the event. */
  readonly unanswered: number
  readonly event: WireEvent
  readonly subscribed: Subscribed
  readonly belonging: Belonging
  readonly neighbours: () => Neighbours
  /** Its header names none but sets of which this instance has never heard. */
  readonly unheard: boolean
  /** Whose it is by the board as it is now; undefined if that cannot be told. */
  readonly lookAgain: () => Promise<Seen | undefined>
  readonly patience: AbortSignal
  readonly overdue: Overdue
}

/** Whose an event is, judged by these neighbours. */
export interface Seen {
  readonly belonging: Belonging
  readonly neighbours: Neighbours
}

export type Attempted = Outcome | 'theirs' | 'nobody' | 'duplicate' | 'given-up'

/** One turn of one event: filter, dedup, attributes, handler. Never rejects. */
export async function attempt(input: AttemptInput): Promise<Attempted> {
  const { settings, delivery, event, subscribed, patience } = input
  if (delivery.signal.aborted || patience.aborted) return 'given-up'
  try {
    if (input.unheard && (await isTheirs(input))) return 'theirs'
    if (!(await passes(input))) return (await isWantedElsewhere(input)) ? 'theirs' : 'nobody'
    const { clock } = settings.broker
    const known = settings.dedup.has(dedupKey(event))
    if (await within(clock, settings.timeoutMs, 'The dedup store', known)) return 'duplicate'
    const failed = input.overdue.take(delivery)
    if (failed) return failed
    refuseSilent(input)
    const { data, missing } = await attributesOf(input)
    const seen = toListenerEvent(event, data, missing)
    const outcome = await handle({
      call: (signal) => subscribed.handler(seen, { signal, attempt: delivery.attempt }),
      timeoutMs: settings.timeoutMs,
      clock,
      delivery: delivery.signal,
      patience,
    })
    return outcome !== 'given-up' && input.overdue.keep(delivery, outcome) ? 'given-up' : outcome
  } catch (thrown) {
    return { ok: false, failure: toFailure(thrown) }
  }
}

/** @throws RecordcastError handler-silent for an event whose handler has had its chances and never said anything */
function refuseSilent({ settings: { mostUnanswered }, unanswered }: AttemptInput): void {
  if (unanswered < mostUnanswered) return
  const sentence = `It was handed out ${unanswered} times without a verdict; its handler may be what ends the process`
  throw new RecordcastError('handler-silent', sentence, { expected: `a verdict within ${mostUnanswered} deliveries` })
}

/** Whether the filter wants the event, where that was left to this side. */
async function passes(input: AttemptInput): Promise<boolean> {
  const { belonging, event } = input
  const { filter } = input.subscribed
  if (filter === undefined || belonging === 'mine') return true
  if (belonging === 'check') return filter.matches(objectOr(event.data.$filter))
  const { filter: view, failed } = await ask(input, [], filter.paths)
  if (view === undefined || failed.length > 0) {
    const reason = { path: '$filter', code: 'attribute-missing', message: 'what the filter reads could not be loaded' }
    throw attributeMissing(failed.length > 0 ? failed : [reason])
  }
  return filter.matches(objectOr(view))
}

/** Whether it is for another set after all, or might be. */
async function isTheirs(input: AttemptInput): Promise<boolean> {
  const seen = await input.lookAgain()
  return seen === undefined || seen.belonging === 'theirs'
}

/** Whether a set that stands beside this one should have what this one's filter has just declined. */
async function isWantedElsewhere(input: AttemptInput): Promise<boolean> {
  const wants = (neighbours: Neighbours): Promise<boolean> =>
    wantedElsewhere(input.event, neighbours, async (paths) => {
      const { filter: view, failed } = await ask(input, [], paths)
      return failed.length > 0 ? undefined : objectOr(view)
    })
  const heard = input.neighbours()
  if (await wants(heard)) return true
  const seen = await input.lookAgain()
  if (seen === undefined || seen.belonging === 'theirs') return true
  const isNews = [...seen.neighbours.sets].some((set) => !heard.sets.has(set))
  return isNews && wants(seen.neighbours)
}

async function attributesOf(input: AttemptInput): Promise<Pick<Cut, 'data' | 'missing'>> {
  const { event, settings, delivery } = input
  const { selection } = input.subscribed
  const first = cut(selection, event, delivery.attempt)
  if (first.lacking.length === 0) return first
  if (settings.missing === 'allow' && event.missing !== undefined) {
    // The handler wants it at once, without a second try for what had failed. What was never sent is still asked for.
    const failed = new Set(event.missing.map(({ path }) => path))
    if (first.lacking.every((atom) => failed.has(atom))) return first
  }
  let completed: Cut
  try {
    const { values, failed } = await ask(input, first.lacking)
    completed = cut(selection, event, delivery.attempt, { values, failed })
  } catch (error) {
    if (settings.missing === 'allow') return first
    throw error
  }
  if (completed.missing.length > 0 && settings.missing === 'retry') throw attributeMissing(completed.missing)
  return completed
}

async function ask(input: AttemptInput, attributes: readonly string[], filter?: readonly (readonly string[])[]) {
  const { settings, sources, event, counts } = input
  const { broker, askTimeoutMs: timeoutMs } = settings
  const { transport } = broker
  const answer = await complete({
    transport,
    sources: sources(),
    event,
    attributes,
    timeoutMs,
    ...(filter && { filter }),
  })
  counts.completed++
  return answer
}

function objectOr(view: unknown): Readonly<Record<string, unknown>> {
  return isJsonObject(view) ? view : {}
}

function toListenerEvent(
  event: WireEvent,
  data: Readonly<Record<string, unknown>>,
  missing: readonly MissingAttribute[],
): ListenerEvent {
  const { id, type, subject: record, time, source, tenant, user, audience = 'service' } = event
  return {
    id,
    type,
    record,
    time,
    source,
    ...(tenant !== undefined && { tenant }),
    ...(user !== undefined && { user }),
    audience,
    data,
    missing,
  }
}
