import { setMaxListeners } from 'node:events'
import type { SourceFact } from '@recordcast/protocol/control'
import { decodeEvent, type WireEvent } from '@recordcast/protocol/wire'
import type { Delivery, Verdict } from '@recordcast/transport'
import { type Attempted, attempt, type Seen } from './attempt.js'
import { belongs, isUnheard } from './belongs.js'
import type { Settings } from './check-options.js'
import type { Counts } from './counts.js'
import { dedupKey } from './dedup.js'
import { toFailure } from './failure.js'
import { keepFirstFailures } from './first-failures.js'
import { createLanes } from './lanes.js'
import type { Look } from './look.js'
import type { Neighbours } from './neighbours.js'
import { createOverdue } from './overdue.js'
import { type Outcome, settle } from './settle.js'
import type { Subscribed } from './subscribe.js'
import { createSuspects } from './suspects.js'
import { within } from './within.js'

/*
The corridor: a delivery goes in, exactly one verdict comes out, and nothing is ever thrown.

decode → whose is it (belongs) → lane of its record, or alone if it is a suspect → filter, dedup, attributes, handler (attempt) → settle.

All up to the lane happens without an await, so that a record's events enter their lane in the order in which they came. What may wait
happens in the lane: a second copy is looked up only after the first has been handled, and an event that has to be
completed does not let a later one of its record overtake it.
*/
export interface Corridor {
  deliver(delivery: Delivery): Promise<Verdict>
  /** Begins nothing any more; gives back what waits. */
  close(): void
  /** Does not wait for what runs any longer; gives it back. */
  giveUp(): void
  readonly running: number
  readonly waiting: number
}

export interface CorridorParts {
  readonly settings: Settings
  readonly counts: Counts
  readonly subscribed: ReadonlyMap<string, Subscribed>
  readonly set: string
  /** When this set was first announced (ms). */
  readonly since: number
  readonly neighbours: () => Neighbours
  readonly look: Look
  readonly sources: () => Iterable<SourceFact>
}

const theirPauseMs = 250
const suspectPauseMs = 300

export function createCorridor(parts: CorridorParts): Corridor {
  const { settings, counts, subscribed, set, since, neighbours, look, sources } = parts
  const { clock, random, logger, transport } = settings.broker
  const lanes = createLanes(settings.concurrency)
  const suspects = createSuspects(lanes, clock)
  const firstFailures = keepFirstFailures(transport.traits.carriesRetryHeaders)
  const patience = new AbortController()
  // Every event that runs or waits for its source listens to it.
  setMaxListeners(0, patience.signal)
  const shared = { settings, counts, sources, neighbours, patience: patience.signal, overdue: createOverdue() }
  let closed = false

  function giveBack(): Verdict {
    counts.returned++
    return { do: 'return', afterMs: 0, why: 'the listener stops' }
  }

  function suppress(): Verdict {
    counts.suppressed++
    return { do: 'ack' }
  }

  function passOn(): Verdict {
    counts.returned++
    const afterMs = Math.round(theirPauseMs * (1 + random()))
    return { do: 'return', afterMs, why: 'another subscription set of this listener is to have it' }
  }

  function letWait(id: string, unanswered: number): Verdict {
    counts.returned++
    suspects.forget(id)
    const afterMs = Math.round(suspectPauseMs * (1 + random()))
    return { do: 'return', afterMs, why: 'another event without a verdict is tried first', unanswered }
  }

  function settled({ message, attempt }: Delivery, event: WireEvent | undefined, outcome: Outcome): Verdict {
    if (outcome.ok) {
      counts.handled++
      firstFailures.forget(message.id)
      return { do: 'ack' }
    }
    const { failure } = outcome
    const first = firstFailures.of(message, failure, clock.now())
    const verdict = settle({ outcome, attempt, policy: settings.retry, random, first })
    const details = {
      listener: settings.listener,
      event: event?.id ?? message.id,
      type: event?.type,
      attempt,
      ...failure,
    }
    counts.failed++
    if (verdict.do === 'park') {
      counts.parked++
      firstFailures.forget(message.id)
      logger.error(details, 'An event was parked')
    } else {
      counts.retried++
      logger.warn(details, 'An event could not be handled and is tried again')
    }
    return verdict
  }

  async function remember(event: WireEvent): Promise<void> {
    try {
      await within(clock, settings.timeoutMs, 'The dedup store', settings.dedup.add(dedupKey(event)))
    } catch (error) {
      const details = { listener: settings.listener, event: event.id, ...toFailure(error) }
      logger.error(details, 'A handled event could not be remembered; a second copy would be handled again')
    }
  }

  /** The attempt, or 'given-up' as soon as the listener's patience ends, whatever it waits for. */
  function unlessGivenUp(attempted: Promise<Attempted>): Promise<Attempted> {
    const { signal } = patience
    return new Promise((resolve) => {
      const giveUp = (): void => resolve('given-up')
      signal.addEventListener('abort', giveUp)
      void attempted.then(resolve).then(() => signal.removeEventListener('abort', giveUp))
    })
  }

  async function verdictOn(delivery: Delivery, event: WireEvent): Promise<Verdict> {
    const mine = subscribed.get(event.type)
    const wanted = Object.hasOwn(delivery.message.headers, 'wanted') ? delivery.message.headers.wanted : undefined
    const whose = (view: Neighbours): Seen => ({
      belonging: belongs({ event, wanted, set, since, subscription: mine?.subscription, neighbours: view }),
      neighbours: view,
    })
    const lookAgain = (): Promise<Seen | undefined> => look().then((view) => view && whose(view))
    const { belonging } = whose(neighbours())
    if (belonging === 'theirs') return passOn()
    if (belonging === 'nobody' || mine === undefined)
      return (await lookAgain())?.belonging === 'nobody' ? suppress() : passOn()
    const unanswered = suspects.against(delivery.message.id, delivery.unanswered ?? 0)
    const lane = JSON.stringify([mine.record, event.tenant ?? null, event.subject])
    const unheard = isUnheard({ wanted, set, neighbours: neighbours() })
    const input = { ...shared, delivery, unanswered, event, subscribed: mine, belonging, unheard, lookAgain }
    const turn = async (): Promise<Attempted> => {
      const result = await unlessGivenUp(attempt(input))
      // In the lane still, so that a second copy that waits behind this one finds it remembered.
      if (typeof result === 'object' && result.ok) await remember(event)
      return result
    }
    const suspect = suspects.isSuspect(unanswered)
    const attempted = suspect ? await suspects.try(unanswered, turn) : await lanes.run(lane, turn)
    if (attempted === 'another') return letWait(delivery.message.id, unanswered)
    if (attempted === undefined || attempted === 'given-up') return giveBack()
    if (attempted === 'theirs') return passOn()
    if (attempted === 'nobody') return suppress()
    if (attempted !== 'duplicate') return settled(delivery, event, attempted)
    counts.duplicates++
    return { do: 'ack' }
  }

  return {
    async deliver(delivery) {
      counts.received++
      counts.bytesReceived += delivery.message.body.length
      if (closed) return giveBack()
      let event: WireEvent | undefined
      try {
        event = decodeEvent(delivery.message.body)
        return await verdictOn(delivery, event)
      } catch (thrown) {
        return settled(delivery, event, { ok: false, failure: toFailure(thrown) })
      }
    },
    close() {
      closed = true
      suspects.close()
      lanes.close()
    },
    giveUp() {
      patience.abort(new Error('The listener has stopped waiting for its handlers'))
    },
    get running() {
      return lanes.running
    },
    get waiting() {
      return lanes.waiting
    },
  }
}
