import { brand, type RecordcastError } from '@recordcast/protocol/errors'
import type { Broker } from '@recordcast/registry'
import type { Clock } from '@recordcast/transport'
import type { Projection } from './project.js'
import {
  type Bounded,
  type First,
  isClean,
  isTooLarge,
  type Outcome,
  type PublishPolicy,
  type PublishReport,
  publishTo,
} from './publish-to.js'
import type { Turn } from './turns.js'

const none: readonly string[] = []

/**
 * Puts projections into their queues and resolves when every copy is confirmed. What may pass (a full queue, a lost link, a confirm that did not come) is tried
 * again with backoff and jitter until the time is up, under the same message id; queues that have the message are not published to again. The turn ends when each
 * queue has been tried once, unless one of them is gone; where an earlier event is still tried this one waits behind it.
 *
 * @returns the queues that are gone; every other has the event
 * @throws AggregateError with the marker of RecordcastError, one error a queue that does not have the event and is there, `gone` with those that are not; its `code` is the one that all errors share, else publish-failed
 */
export function publish(
  projections: readonly Projection[],
  broker: Broker,
  policy: PublishPolicy,
  turn: Turn,
): Promise<readonly string[]> {
  const { transport, clock } = broker
  const deadline = clock.now() + policy.timeoutMs
  const ordered = smallestFirst(projections)
  const carefully = (begun: readonly Promise<PublishReport>[] = []): Promise<readonly string[]> =>
    publishEach(ordered, broker, { ...policy, deadline }, turn, begun)
  if (turn.crowded || ordered.length === 0 || ordered.some((each) => isTooLarge(each, transport))) return carefully()
  // The usual case: nobody to wait for, and most likely nothing to try again.
  return new Promise((resolve) => {
    const put = ({ queues, message }: Projection): Promise<PublishReport> => transport.publish(queues, message)
    const begun = ordered.map((each, place) =>
      place > 0 && isHuge(each) ? deferred(clock).then(() => put(each)) : put(each),
    )
    let left = begun.length
    let well = true
    const goOnCarefully = (): void => {
      if (well) resolve(carefully(begun))
      well = false
    }
    const tried = (report: PublishReport): void => {
      if (!isClean(report)) goOnCarefully()
      else if (--left === 0) {
        turn.done()
        resolve(none)
      }
    }
    for (const one of begun) one.then(tried, goOnCarefully)
  })
}

/** @param begun the first tries, in the order of the projections, where they have been made */
function publishEach(
  projections: readonly Projection[],
  broker: Broker,
  bounded: Bounded,
  turn: Turn,
  begun: readonly Promise<PublishReport>[],
): Promise<readonly string[]> {
  const parts: Promise<Outcome>[] = []
  // One more than there are first tries on their way, until all have been begun.
  let untried = 1
  let anyGone = false
  const tried = (gone: boolean): void => {
    anyGone ||= gone
    if (--untried === 0 && !anyGone) turn.done()
  }
  for (const [index, projection] of projections.entries()) {
    const free: string[] = []
    for (const queue of projection.queues) {
      const behind = turn.behind(queue)
      if (behind === undefined) {
        free.push(queue)
        continue
      }
      const own = behind.then(() => publishTo([queue], projection, broker, bounded))
      turn.hold(queue, own)
      parts.push(own)
    }
    if (free.length === 0) continue
    untried++
    const first: First = (again, gone) => {
      for (const queue of again) turn.hold(queue, own)
      tried(gone)
    }
    const own: Promise<Outcome> = publishTo(free, projection, broker, bounded, first, begun[index])
    parts.push(own)
  }
  tried(false)
  return Promise.all(parts).then((outcomes) => {
    const errors = outcomes.flatMap((outcome) => outcome.errors)
    const gone = outcomes.flatMap((outcome) => outcome.gone)
    if (errors.length > 0) throw Object.assign(failure(errors), { gone })
    return gone
  })
}

/** So many bytes are written in a moment, whatever their order. */
const hugeBytes = 64 * 1024

const isHuge = ({ message }: Projection): boolean => message.body.length >= hugeBytes

/** Until what has been written before is on its way: writing so much takes longer than all the rest of an emit. */
const deferred = (clock: Clock): Promise<void> => new Promise((resolve) => clock.defer(resolve))

/** Nobody's copy waits behind the bytes of somebody's huge attribute. */
function smallestFirst(projections: readonly Projection[]): readonly Projection[] {
  if (projections.length < 2 || !projections.some(isHuge)) return projections
  return projections.toSorted((a, b) => a.message.body.length - b.message.body.length)
}

function failure(errors: readonly RecordcastError[]): AggregateError {
  const codes = new Set(errors.map((error) => error.code))
  const [code] = codes
  const queues = errors.map((error) => error.path).join(', ')
  const first = errors[0]!.message
  const error = new AggregateError(errors, `The event is not in ${errors.length} of its queues (${queues}): ${first}`)
  return brand(error, codes.size === 1 ? code! : 'publish-failed')
}
