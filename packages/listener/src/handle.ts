import { RecordcastError } from '@recordcast/protocol/errors'
import type { Clock } from '@recordcast/transport'
import { toFailure } from './failure.js'
import type { Outcome } from './settle.js'

export interface HandleInput {
  readonly call: (signal: AbortSignal) => unknown
  readonly timeoutMs: number
  readonly clock: Clock
  /** Aborted when the verdict will no longer be heard; the handler is told, but still waited for. */
  readonly delivery: AbortSignal
  /** Aborted when the listener's patience in stopping has ended; the handler is told and not waited for. */
  readonly patience: AbortSignal
}

/**
 * Calls the user's function once and catches everything. JavaScript cannot end a function that ignores its signal: after a timeout
 * it may still run, its slot and its lane are freed all the same, and what it gives later is ignored.
 *
 * @returns 'given-up' when `patience` ended first: there is no outcome.
 */
export function handle({ call, timeoutMs, clock, delivery, patience }: HandleInput): Promise<Outcome | 'given-up'> {
  const controller = new AbortController()
  return new Promise((resolve) => {
    const end = (outcome: Outcome | 'given-up'): void => {
      callOff()
      delivery.removeEventListener('abort', onLinkLost)
      patience.removeEventListener('abort', onGivenUp)
      resolve(outcome)
    }
    const fail = (thrown: unknown): void => end({ ok: false, failure: toFailure(thrown) })
    const onLinkLost = (): void => controller.abort(delivery.reason)
    const onGivenUp = (): void => {
      controller.abort(patience.reason)
      end('given-up')
    }
    const callOff = clock.after(timeoutMs, () => {
      const error = new RecordcastError('handler-timeout', `The handler took longer than ${timeoutMs} ms`)
      controller.abort(error)
      fail(error)
    })
    delivery.addEventListener('abort', onLinkLost)
    patience.addEventListener('abort', onGivenUp)
    if (patience.aborted) return onGivenUp()
    if (delivery.aborted) onLinkLost()
    try {
      Promise.resolve(call(controller.signal)).then(() => end({ ok: true }), fail)
    } catch (thrown) {
      fail(thrown)
    }
  })
}
