import { RecordcastError } from '@recordcast/protocol/errors'
import type { Broker } from '@recordcast/registry'
import type { Message, Transport, TransportError } from '@recordcast/transport'
import { type Projection, tooLarge } from './project.js'

const firstPauseMs = 50
const longestPauseMs = 2_000

export interface PublishPolicy {
  /** Milliseconds from the first try until the last may begin. */
  readonly timeoutMs: number
  /** Told of each further try. */
  readonly onRetry: () => void
  /** Aborted when the source must end at once. */
  readonly signal: AbortSignal
}

/** What became of some queues; those in neither list have the message. */
export interface Outcome {
  readonly gone: readonly string[]
  readonly errors: readonly RecordcastError[]
}

export type PublishReport = Awaited<ReturnType<Transport['publish']>>
/** With the moment (ms) after which no further try begins. */
export type Bounded = PublishPolicy & { readonly deadline: number }
/** Told after the first try which queues are tried on, and whether any was gone. */
export type First = (again: readonly string[], gone: boolean) => void

const wellDone: Outcome = { gone: [], errors: [] }
const nobody: First = () => undefined

/** Tries until it is done or the time is up. Never rejects. @param begun the first try, where it has been made */
export function publishTo(
  queues: readonly string[],
  projection: Projection,
  broker: Broker,
  policy: Bounded,
  first: First = nobody,
  begun?: Promise<PublishReport>,
): Promise<Outcome> {
  const { transport } = broker
  const { message } = projection
  if (isTooLarge(projection, transport)) {
    const largest = transport.traits.maxBodyBytes
    const { message: sentence, found, expected } = tooLarge(projection, largest)
    const errors = queues.map(
      (path) => new RecordcastError('payload-too-large', `${path}: ${sentence}`, { path, found, expected: expected! }),
    )
    first([], false)
    return Promise.resolve({ gone: [], errors })
  }
  return (begun ?? transport.publish(queues, message)).then(
    (report) => {
      if (!isClean(report)) return tryOn(report, message, broker, policy, first)
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

export const isClean = ({ gone, failed }: PublishReport): boolean => gone.length === 0 && failed.length === 0

export const isTooLarge = ({ message }: Projection, { traits }: Transport): boolean =>
  message.body.length > traits.maxBodyBytes
