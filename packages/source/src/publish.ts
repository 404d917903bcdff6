import { brand, RecordcastError } from '@recordcast/protocol/errors'
import type { Broker } from '@recordcast/registry'
import type { Projection } from './project.js'
import { tooLarge } from './project.js'

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
 * again with backoff and jitter until the time is up, under the same message id; queues that have the message are not published to again.
 *
 * @throws AggregateError with the marker of RecordcastError, one error a queue that does not have the event; its `code` is the one that all errors share, else publish-failed
 */
export async function publish(
  projections: readonly Projection[],
  broker: Broker,
  policy: PublishPolicy,
): Promise<Published> {
  const errors: RecordcastError[] = []
  const gone: string[] = []
  const delivered: string[] = []
  // Small ones first: nobody's copy waits behind the bytes of somebody's huge attribute.
  const smallFirst = [...projections].sort((a, b) => a.message.body.length - b.message.body.length)
  await Promise.all(
    smallFirst.map(async (projection) => {
      const outcome = await publishOne(projection, broker, policy)
      errors.push(...outcome.errors)
      gone.push(...outcome.gone)
      const without = new Set([...outcome.gone, ...outcome.errors.map((error) => error.path)])
      delivered.push(...projection.queues.filter((queue) => !without.has(queue)))
    }),
  )
  if (errors.length > 0) throw failure(errors)
  return { delivered: delivered.sort(), gone: gone.sort() }
}

async function publishOne(
  projection: Projection,
  broker: Broker,
  policy: PublishPolicy,
): Promise<{ gone: readonly string[]; errors: RecordcastError[] }> {
  const { transport, clock, random } = broker
  const { message } = projection
  const largest = transport.traits.maxBodyBytes
  if (message.body.length > largest) {
    const { message: sentence, found, expected } = tooLarge(projection, largest)
    const errors = projection.queues.map(
      (path) => new RecordcastError('payload-too-large', `${path}: ${sentence}`, { path, found, expected: expected! }),
    )
    return { gone: [], errors }
  }
  const deadline = clock.now() + policy.timeoutMs
  const gone: string[] = []
  let waiting: readonly string[] = projection.queues
  for (let tries = 0; ; tries++) {
    const report = await transport.publish(waiting, message).catch((error: unknown) => ({
      gone: [],
      failed: waiting.map((queue) => ({ queue, error: error as Error })),
    }))
    gone.push(...report.gone)
    const again = report.failed.filter(({ error }) => 'retryable' in error && error.retryable === true)
    const pauseMs = Math.min(longestPauseMs, firstPauseMs * 2 ** tries) * (0.5 + random())
    const over = clock.now() + pauseMs > deadline || policy.signal.aborted
    if (again.length < report.failed.length || again.length === 0 || over) {
      const errors = report.failed.map(({ queue, error }) => {
        const sentence = `${queue} does not have event ${message.id}: ${error.message}`
        return new RecordcastError('publish-failed', sentence, { path: queue, cause: error })
      })
      return { gone, errors }
    }
    waiting = again.map(({ queue }) => queue)
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
