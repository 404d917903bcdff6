import { brand, RecordcastError } from '@recordcast/protocol/errors'
import type { Broker } from '@recordcast/registry'
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
export async function publish(
  projections: readonly Projection[],
  broker: Broker,
  policy: PublishPolicy,
  turn: Turn,
): Promise<Published> {
  const deadline = broker.clock.now() + policy.timeoutMs
  const tried: Promise<boolean>[] = []
  const parts: Promise<Outcome>[] = []
  // Small ones first: nobody's copy waits behind the bytes of somebody's huge attribute.
  for (const projection of [...projections].sort((a, b) => a.message.body.length - b.message.body.length)) {
    const free: string[] = []
    for (const queue of projection.queues) {
      const behind = turn.behind(queue)
      if (behind === undefined) {
        free.push(queue)
        continue
      }
      const own = behind.then(() => publishTo([queue], projection, broker, { ...policy, deadline }))
      turn.hold(queue, own)
      parts.push(own)
    }
    if (free.length === 0) continue
    let first = (_gone: boolean): void => undefined
    tried.push(
      new Promise((resolve) => {
        first = resolve
      }),
    )
    const own: Promise<Outcome> = publishTo(free, projection, broker, { ...policy, deadline }, (again, gone) => {
      for (const queue of again) turn.hold(queue, own)
      first(gone)
    })
    parts.push(own)
  }
  void Promise.all(tried).then((gone) => gone.includes(true) || turn.done())
  const outcomes = await Promise.all(parts)
  const errors = outcomes.flatMap((outcome) => outcome.errors)
  if (errors.length > 0) throw failure(errors)
  const gone = new Set(outcomes.flatMap((outcome) => outcome.gone))
  const delivered = projections.flatMap(({ queues }) => queues.filter((queue) => !gone.has(queue)))
  return { delivered: delivered.sort(), gone: [...gone].sort() }
}

interface Outcome {
  readonly gone: readonly string[]
  readonly errors: readonly RecordcastError[]
}

/** @param first told after the first try which queues are tried on, and whether any was gone. Never rejects. */
async function publishTo(
  queues: readonly string[],
  projection: Projection,
  broker: Broker,
  policy: PublishPolicy & { readonly deadline: number },
  first: (again: readonly string[], gone: boolean) => void = () => undefined,
): Promise<Outcome> {
  const { transport, clock, random } = broker
  const { message } = projection
  const largest = transport.traits.maxBodyBytes
  if (message.body.length > largest) {
    const { message: sentence, found, expected } = tooLarge(projection, largest)
    const errors = queues.map(
      (path) => new RecordcastError('payload-too-large', `${path}: ${sentence}`, { path, found, expected: expected! }),
    )
    first([], false)
    return { gone: [], errors }
  }
  const gone: string[] = []
  let waiting = queues
  for (let tries = 0; ; tries++) {
    const report = await transport.publish(waiting, message).catch((error: unknown) => ({
      gone: [],
      failed: waiting.map((queue) => ({ queue, error: error as Error })),
    }))
    gone.push(...report.gone)
    const again = report.failed.filter(({ error }) => 'retryable' in error && error.retryable === true)
    const pauseMs = Math.min(longestPauseMs, firstPauseMs * 2 ** tries) * (0.5 + random())
    const over = clock.now() + pauseMs > policy.deadline || policy.signal.aborted
    const ends = again.length < report.failed.length || again.length === 0 || over
    waiting = ends ? [] : again.map(({ queue }) => queue)
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
