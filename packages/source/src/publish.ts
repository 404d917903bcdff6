import { brand, RecordcastError } from '@recordcast/protocol/errors'
import type { Broker } from '@recordcast/registry'
import type { Message, Transport, TransportError } from '@recordcast/transport'
import type { Projection } from './project.js'
import { tooLarge } from './project.js'
import type { Turn } from './turns.js'

const firstPauseMs = 50
const longestPauseMs = 2_000

export interface Published {
  readonly delivered: readonly string[]
  readonly gone: readonly string[]
}

export interface PublishPolicy {
  /** Milliseconds from the first try until the last may begin. */
  readonly timeoutMs: number
  /** Told of each further try. */
  readonly onRetry: () => void
  /** Aborted when the source must end at once. */
  readonly signal: AbortSignal
}

/**
 * Puts projections into their queues and resolves when every copy is confirmed. What may pass (a full queue, a lost link, a confirm that did not come) is tried
 * again with backoff and jitter until the time is up, under the same message id; queues that have the message are not published to again. The turn ends when each
 * queue has been tried once, unless one of them is gone; where an earlier event is still tried this one waits behind it.
 *
 * @throws AggregateError with the marker of RecordcastError, one error a queue that does not have the event; its `code` is the one that all errors share, else publish-failed
 */
export function publish(
  projections: readonly Projection[],
  broker: Broker,
  policy: PublishPolicy,
  turn: Turn,
): Promise<Published> {
  const bounded = { ...policy, deadline: broker.clock.now() + policy.timeoutMs }
  const parts: Promise<Outcome>[] = []
  // One more than there are first tries on their way, until all have been begun.
  let untried = 1
  let anyGone = false
  const tried = (gone: boolean): void => {
    anyGone ||= gone
    if (--untried === 0 && !anyGone) turn.done()
  }
  for (const projection of smallestFirst(projections)) {
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
    const own: Promise<Outcome> = publishTo(free, projection, broker, bounded, (again, gone) => {
      for (const queue of again) turn.hold(queue, own)
      tried(gone)
    })
    parts.push(own)
  }
  tried(false)
  const conclude = (outcomes: readonly Outcome[]): Published => {
    const errors = outcomes.flatMap((outcome) => outcome.errors)
    if (errors.length > 0) throw failure(errors)
    const gone = new Set(outcomes.flatMap((outcome) => outcome.gone))
    const delivered = projections.flatMap(({ queues }) => queues.filter((queue) => !gone.has(queue)))
    return { delivered: delivered.sort(), gone: [...gone].sort() }
  }
  const [only] = parts
  return parts.length === 1 && only !== undefined
    ? only.then((outcome) => conclude([outcome]))
    : Promise.all(parts).then(conclude)
}

/** Nobody's copy waits behind the bytes of somebody's huge attribute. */
function smallestFirst(projections: readonly Projection[]): readonly Projection[] {
  if (projections.length < 2) return projections
  return projections.toSorted((a, b) => a.message.body.length - b.message.body.length)
}

interface Outcome {
  readonly gone: readonly string[]
  readonly errors: readonly RecordcastError[]
}

type PublishReport = Awaited<ReturnType<Transport['publish']>>
type Bounded = PublishPolicy & { readonly deadline: number }
type First = (again: readonly string[], gone: boolean) => void

const wellDone: Outcome = { gone: [], errors: [] }
const nobody: First = () => undefined

/** @param first told after the first try which queues are tried on, and whether any was gone. Never rejects. */
function publishTo(
  queues: readonly string[],
  projection: Projection,
  broker: Broker,
  policy: Bounded,
  first: First = nobody,
): Promise<Outcome> {
  const { transport } = broker
  const { message } = projection
  const largest = transport.traits.maxBodyBytes
  if (message.body.length > largest) {
    const { message: sentence, found, expected } = tooLarge(projection, largest)
    const errors = queues.map(
      (path) => new RecordcastError('payload-too-large', `${path}: ${sentence}`, { path, found, expected: expected! }),
    )
    first([], false)
    return Promise.resolve({ gone: [], errors })
  }
  return transport.publish(queues, message).then(
    (report) => {
      if (report.gone.length > 0 || report.failed.length > 0) {
        return tryOn(report, message, broker, policy, first)
      }
      first([], false)
      return wellDone
    },
    (error: unknown) => tryOn(refused(queues, error), message, broker, policy, first),
  )
}

const refused = (queues: readonly string[], error: unknown): PublishReport => ({
  gone: [],
  failed: queues.map((queue) => ({ queue, error: error as TransportError })),
})

/** What follows a first try that did not go well. */
async function tryOn(
  firstReport: PublishReport,
  message: Message,
  broker: Broker,
  policy: Bounded,
  first: First,
): Promise<Outcome> {
  const { transport, clock, random } = broker
  const gone: string[] = []
  let report = firstReport
  for (let tries = 0; ; tries++) {
    gone.push(...report.gone)
    const again = report.failed.filter(({ error }) => 'retryable' in error && error.retryable === true)
    const pauseMs = Math.min(longestPauseMs, firstPauseMs * 2 ** tries) * (0.5 + random())
    const over = clock.now() + pauseMs > policy.deadline || policy.signal.aborted
    const ends = again.length < report.failed.length || again.length === 0 || over
    const waiting = ends ? [] : again.map(({ queue }) => queue)
    if (tries === 0) first(waiting, gone.length > 0)
    if (ends) {
      const errors = report.failed.map(({ queue, error }) => {
        const sentence = `${queue} does not have event ${message.id}: ${error.message}`
        return new RecordcastError('publish-failed', sentence, { path: queue, cause: error })
      })
      return { gone, errors }
    }
    policy.onRetry()
    await pause(pauseMs, broker, policy.signal)
    report = await transport.publish(waiting, message).catch((error: unknown) => refused(waiting, error))
  }
}

function pause(ms: number, { clock }: Broker, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = (): void => {
      callOff()
      signal.removeEventListener('abort', end)
      resolve()
    }
    const callOff = clock.after(ms, end)
    signal.addEventListener('abort', end)
  })
}

function failure(errors: readonly RecordcastError[]): AggregateError {
  const codes = new Set(errors.map((error) => error.code))
  const [code] = codes
  const queues = errors.map((error) => error.path).join(', ')
  const first = errors[0]!.message
  const error = new AggregateError(errors, `The event is not in ${errors.length} of its queues (${queues}): ${first}`)
  return brand(error, codes.size === 1 ? code! : 'publish-failed')
}
