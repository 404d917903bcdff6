import { TransportError } from '@recordcast/transport'
import { asError, invalid } from '../errors.js'

/** What became of a copy: 'stored', 'gone' when nothing is there to route it to, or why neither is certain. */
export type Fate = 'stored' | 'gone' | TransportError

export function refused(error: unknown): TransportError {
  const { message } = asError(error)
  return new TransportError('not-confirmed', `The broker did not take the message: ${message}.`, { cause: error })
}

export function late(ms: number): TransportError {
  return new TransportError('not-confirmed', `The broker has not confirmed the message within ${ms} ms.`)
}

export function tooMuch(): TransportError {
  return new TransportError('buffer-full', 'Too many messages wait for the broker already; this one was not sent.')
}

export function unsendable(error: unknown): TransportError {
  return invalid(`The message cannot be written: ${asError(error).message}`, error)
}
