import { TransportError } from '@recordcast/transport'

export function closed(): TransportError {
  return new TransportError('transport-closed', 'The transport was closed; nothing was done.')
}

export function lost(what: string, cause?: unknown): TransportError {
  const why = cause instanceof Error ? `: ${cause.message}` : ''
  return new TransportError('connection-lost', `${what}${why}`, cause === undefined ? undefined : { cause })
}

export function invalid(sentence: string, cause?: unknown): TransportError {
  return new TransportError('invalid-argument', sentence, cause === undefined ? undefined : { cause })
}

/** The AMQP reply code of an error, such as 404; undefined where there is none. */
export function replyCode(error: unknown): number | undefined {
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined
  return typeof code === 'number' ? code : undefined
}

/** Whether a queue is there, but on a node that is not: the broker says 404 for that, too. */
export function isDown(error: unknown): boolean {
  return replyCode(error) === 404 && error instanceof Error && /down or inaccessible/.test(error.message)
}

/** What went wrong while doing `what`, as the contract's error. The broker's refusals are final, all else may pass. */
export function asTransportError(what: string, error: unknown): TransportError {
  if (error instanceof TransportError) return error
  if (isDown(error))
    return new TransportError('not-confirmed', `${what}: its node is down. ${asError(error).message}`, { cause: error })
  const code = replyCode(error)
  const refused = code === 403 || code === 404 || code === 405 || code === 406
  if (refused && error instanceof Error) return invalid(`${what}: the broker refuses. ${error.message}`, error)
  return lost(what, error)
}

export function asError(thrown: unknown): Error {
  if (thrown instanceof Error) return thrown
  const kind = thrown === null ? 'null' : typeof thrown
  const shown = typeof thrown === 'object' || typeof thrown === 'function' ? '' : `: ${String(thrown)}`
  return new Error(`${kind} was thrown instead of an error${shown}`, { cause: thrown })
}

/** Tells `tell` of an error; what it throws, or an error that nobody is told of, goes to `warn`, and what that throws nowhere. */
export function report(
  tell: ((error: Error) => void) | undefined,
  warn: ((error: Error) => void) | undefined,
  error: Error,
): void {
  if (tell === undefined) guarded(() => warn?.(error), ignore)
  else
    guarded(
      () => tell(error),
      (thrown) => guarded(() => warn?.(thrown), ignore),
    )
}

/** Runs a callback that must not throw; a throw, or the rejection of a promise that it returns all the same, goes to `failed`. */
export function guarded(run: () => unknown, failed: (error: Error) => void): void {
  const fail = (thrown: unknown): void => failed(asError(thrown))
  try {
    const returned = run()
    if (returned instanceof Promise) returned.catch(fail)
  } catch (thrown) {
    fail(thrown)
  }
}

export function ignore(): void {}

export function queueDeleted(queue: string): TransportError {
  return new TransportError('queue-deleted', `The queue ${queue} was deleted; its consumer has made it again.`)
}

export function boardDeleted(board: string): TransportError {
  return new TransportError(
    'queue-deleted',
    `The board ${board} was deleted and has been made again; what is known here is put back.`,
  )
}
