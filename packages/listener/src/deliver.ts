import type { SourceFact } from '@recordcast/protocol/control'
import { decodeEvent, type WireEvent } from '@recordcast/protocol/wire'
import type { Delivery, Verdict } from '@recordcast/transport'
import type { Attempted, AttemptInput } from './attempt.js'
import { belongs, isUnheard } from './belongs.js'
import type { Settings } from './check-options.js'
import type { Counts } from './counts.js'
import { lookAgain } from './decide.js'
import { dedupKey } from './dedup.js'
import { toFailure } from './failure.js'
import { createLanes } from './lanes.js'
import type { Look } from './look.js'
import type { Neighbours } from './neighbours.js'
import { createObserver, type Observation } from './observe.js'
import { createOverdue } from './overdue.js'
import { createPatience } from './patience.js'
import { acknowledged, createSettleDelivery } from './settle-delivery.js'
import type { Subscribed } from './subscribe.js'
import { createSuspects } from './suspects.js'
import { takeTurn } from './turn.js'

/*
The corridor: a delivery goes in, exactly one verdict comes out, and nothing is ever thrown.

decode → whose is it (belongs) → lane of its record, or alone if it is a suspect → filter, dedup, attributes, handler (attempt) → settle.

All up to the lane happens without an await, so that a record's events enter their lane in the order in which they came. What may wait
happens in the lane: a second copy is looked up only after the first has been handled, and an event that has to be
completed does not let a later one of its record overtake it.

What does not have to wait does not: an event whose turn it is, with all that it needs and a handler that gives no promise, has its verdict
before the corridor is left.
*/
export interface Corridor {
  deliver(delivery: Delivery): Verdict | Promise<Verdict>
  /** Begins nothing any more, until it is opened again; gives back what waits. */
  close(): void
  open(): void
  /** Does not wait for what runs any longer; gives it back. */
  giveUp(): void
  readonly running: number
  readonly waiting: number
}

export interface CorridorParts {
  readonly settings: Settings
  readonly counts: Counts
  readonly subscribed: ReadonlyMap<string, Subscribed>
  readonly queue: string
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
  const { settings, counts, subscribed, queue, set, since, neighbours, look, sources } = parts
  const { clock, random } = settings.broker
  const lanes = createLanes(settings.concurrency)
  const suspects = createSuspects(lanes, clock, settings.mostUnanswered)
  const settled = createSettleDelivery(settings, counts)
  const observer = createObserver({ settings, queue, has: (type) => subscribed.has(type) })
  const patience = createPatience()
  const around = { settings, counts, sources, neighbours, look, set, since, patience, overdue: createOverdue() }
  let closed = false

  function giveBack(): Verdict {
    counts.returned++
    return { do: 'return', afterMs: 0, why: 'the listener stops or is paused' }
  }

  function suppress(): Verdict {
    counts.suppressed++
    return acknowledged
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

  function conclude(
    { delivery, event, unanswered, observation }: AttemptInput,
    attempted: Attempted | 'another' | undefined,
  ): Verdict {
    if (observation !== undefined) observation.attempted = attempted
    if (attempted === 'another') return letWait(delivery.message.id, unanswered)
    if (attempted === undefined || attempted === 'given-up') return giveBack()
    if (attempted === 'theirs') return passOn()
    if (attempted === 'nobody') return suppress()
    if (attempted !== 'duplicate') return settled(delivery, event, attempted)
    counts.duplicates++
    return acknowledged
  }

  const failed = (delivery: Delivery, event: WireEvent | undefined, thrown: unknown): Verdict =>
    settled(delivery, event, { ok: false, failure: toFailure(thrown) })

  // Functions of their own, so that what they keep is made only for a delivery that has to wait.
  const orFailed = (verdict: Promise<Verdict>, delivery: Delivery, event: WireEvent): Promise<Verdict> =>
    verdict.catch((thrown: unknown) => failed(delivery, event, thrown))
  const concludeLater = (input: AttemptInput, attempted: Promise<Attempted | 'another' | undefined>) =>
    attempted.then((late) => conclude(input, late))
  const observed = (by: NonNullable<typeof observer>, delivery: Delivery, event: WireEvent): Promise<Verdict> =>
    by.around(
      event,
      delivery,
      (own) => verdictOn(delivery, event, own),
      (thrown) => failed(delivery, event, thrown),
    )

  function verdictOn(delivery: Delivery, event: WireEvent, observation?: Observation): Verdict | Promise<Verdict> {
    const mine = subscribed.get(event.type)
    const { headers, id } = delivery.message
    const wanted = Object.hasOwn(headers, 'wanted') ? headers.wanted : undefined
    const view = neighbours()
    const belonging = belongs({ event, wanted, set, since, subscription: mine?.subscription, neighbours: view })
    if (belonging === 'theirs') return passOn()
    if (belonging === 'nobody' || mine === undefined)
      return lookAgain(around, event, wanted, mine).then((now) => (now?.belonging === 'nobody' ? suppress() : passOn()))
    const unheard = wanted !== undefined && isUnheard({ wanted, set, neighbours: view })
    const unanswered = suspects.against(id, delivery.unanswered ?? 0)
    const key = dedupKey(event)
    return take({ around, delivery, event, wanted, unanswered, key, subscribed: mine, belonging, unheard, observation })
  }

  function take(input: AttemptInput): Verdict | Promise<Verdict> {
    const { event, unanswered, subscribed: mine } = input
    if (suspects.isSuspect(unanswered)) {
      return concludeLater(
        input,
        suspects.try(unanswered, async () => takeTurn(input)),
      )
    }
    // Could two records have one text, they would only wait for each other.
    const lane = `${mine.record} ${event.tenant ?? ''}\u0000${event.subject}`
    const attempted = lanes.run(lane, () => takeTurn(input))
    return attempted instanceof Promise ? concludeLater(input, attempted) : conclude(input, attempted)
  }

  return {
    deliver(delivery) {
      counts.received++
      const { body } = delivery.message
      counts.bytesReceived += body.length
      if (closed) return giveBack()
      let event: WireEvent
      try {
        event = decodeEvent(body)
      } catch (thrown) {
        const verdict = failed(delivery, undefined, thrown)
        observer?.unread(verdict)
        return verdict
      }
      try {
        const verdict = observer === undefined ? verdictOn(delivery, event) : observed(observer, delivery, event)
        return verdict instanceof Promise ? orFailed(verdict, delivery, event) : verdict
      } catch (thrown) {
        return failed(delivery, event, thrown)
      }
    },
    close() {
      closed = true
      suspects.close()
      lanes.close()
    },
    open() {
      closed = false
      suspects.open()
      lanes.open()
    },
    giveUp: () => patience.end(),
    get running() {
      return lanes.running
    },
    get waiting() {
      return lanes.waiting
    },
  }
}
