import { JetStreamApiError } from '@nats-io/jetstream'
import { NoRespondersError, RequestError, TimeoutError } from '@nats-io/transport-node'
import { TransportError } from '@recordcast/transport'

/** The broker's own error numbers that the driver tells apart. */
export const brokerCodes = {
  consumerNotFound: 10014,
  noMessage: 10037,
  streamExists: 10058,
  streamNotFound: 10059,
  wrongStream: 10060,
  insufficientResources: 10023,
  noSuitablePeers: 10005,
  replicasUnsupported: 10074,
  storeFailed: 10077,
} as const

/** Nobody is subscribed to the subject. */
export function isNobody(error: unknown): boolean {
  return error instanceof NoRespondersError || (error instanceof RequestError && error.isNoResponders())
}

export function isTimeout(error: unknown): boolean {
  return error instanceof TimeoutError
}

/** Whether the broker answered with that error number. */
export function saidBy(error: unknown, ...codes: readonly number[]): boolean {
  return error instanceof JetStreamApiError && codes.includes(error.code)
}

export function lost(): TransportError {
  return new TransportError('connection-lost', 'The link to the NATS server is down; it is being mended.')
}

export function closed(): TransportError {
  return new TransportError('transport-closed', 'The transport was closed; nothing was done.')
}

export function deleted(queue: string): TransportError {
  const sentence = `The queue ${queue} was deleted underneath its consumer and has been made again, empty.`
  return new TransportError('queue-deleted', sentence)
}

/** What the broker or the client library threw, as an error of the contract: `what` says what was not done. */
export function unconfirmed(error: unknown, what: string, scrub: (text: string) => string): TransportError {
  if (error instanceof TransportError) return error
  const cause = error instanceof Error ? new Error(scrub(`${error.name}: ${error.message}`)) : undefined
  if (isTimeout(error))
    return new TransportError('not-confirmed', `${what}: the server did not answer in time.`, { cause })
  if (isNobody(error))
    return new TransportError('not-confirmed', `${what}: JetStream does not answer on this server or account.`, {
      cause,
    })
  const said = error instanceof Error ? scrub(error.message) : 'the server said no'
  return new TransportError('not-confirmed', `${what}: ${said}.`, { cause })
}

export function asError(thrown: unknown): Error {
  if (thrown instanceof Error) return thrown
  const kind = thrown === null ? 'null' : typeof thrown
  const shown = typeof thrown === 'object' || typeof thrown === 'function' ? '' : `: ${String(thrown)}`
  return new Error(`${kind} was thrown instead of an error${shown}`, { cause: thrown })
}
