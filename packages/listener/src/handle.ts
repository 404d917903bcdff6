import { RecordcastError } from '@recordcast/protocol/errors'
import type { Clock, Delivery } from '@recordcast/transport'
import { isPromise } from '@recordcast/transport/consume'
import { toFailure } from './failure.js'
import type { Handler, HandlerContext, ListenerEvent } from './handler.js'
import type { Patience } from './patience.js'
import type { Outcome } from './settle.js'

export interface HandleInput {
  readonly handler: Handler<Record<string, unknown>>
  readonly event: ListenerEvent
  readonly timeoutMs: number
  readonly clock: Clock
  /** When its signal is aborted the verdict will no longer be heard; the handler is told, but still waited for. */
  readonly delivery: Delivery
  /** When it ends the handler is told and not waited for. */
  readonly patience: Patience
}

const succeeded: Outcome = { ok: true }

export const isAborted = (delivery: Delivery): boolean => delivery.aborted ?? delivery.signal.aborted

/**
 * Calls the user's function once and catches everything. JavaScript cannot end a function that ignores its signal: after a timeout
 * it may still run, its slot and its lane are freed all the same, and what it gives later is ignored. A function that
 * gives no promise has ended when it returns: nothing is waited for then, no timer is set, and its signal is made only if it asks for it.
 *
 * @returns 'given-up' when `patience` ended first: there is no outcome.
 */
export function handle(input: HandleInput): Outcome | 'given-up' | Promise<Outcome | 'given-up'> {
  const { handler, event, delivery, patience } = input
  if (patience.over) return 'given-up'
  const signal = new LateSignal(delivery)
  let returned: unknown
  try {
    returned = handler(event as Parameters<typeof handler>[0], new Context(signal, delivery.attempt))
    if (!isPromise(returned)) {
      signal.end()
      return succeeded
    }
  } catch (thrown) {
    signal.end()
    return { ok: false, failure: toFailure(thrown) }
  }
  return outcomeOf(returned, signal, input)
}

function outcomeOf(
  returned: PromiseLike<unknown>,
  signal: LateSignal,
  { timeoutMs, clock, patience }: HandleInput,
): Promise<Outcome | 'given-up'> {
  return new Promise((resolve) => {
    const end = (outcome: Outcome | 'given-up'): void => {
      callOff()
      leave()
      signal.end()
      resolve(outcome)
    }
    const fail = (thrown: unknown): void => end({ ok: false, failure: toFailure(thrown) })
    const leave = patience.onEnd(() => {
      signal.abort(patience.reason)
      end('given-up')
    })
    const callOff = clock.after(timeoutMs, () => {
      const error = new RecordcastError('handler-timeout', `The handler took longer than ${timeoutMs} ms`)
      signal.abort(error)
      fail(error)
    })
    Promise.resolve(returned).then(() => end(succeeded), fail)
  })
}

/** What the handler is given. Both properties are its own, so that it can be spread; the signal is made by whoever reads it first. */
class Context implements HandlerContext {
  static readonly #signal: PropertyDescriptor & ThisType<Context> = {
    enumerable: true,
    get() {
      return this.#late.get()
    },
  }

  readonly attempt: number
  declare readonly signal: AbortSignal
  readonly #late: LateSignal

  constructor(late: LateSignal, attempt: number) {
    this.#late = late
    this.attempt = attempt
    // A third of what a getter in an object literal costs.
    Object.defineProperty(this, 'signal', Context.#signal)
  }
}

/** A signal that is made when it is first asked for. It follows the delivery's until the end. */
class LateSignal {
  readonly #delivery: Delivery
  #controller: AbortController | undefined
  #onLinkLost: (() => void) | undefined
  #over = false
  #aborted: { readonly reason: unknown } | undefined

  constructor(delivery: Delivery) {
    this.#delivery = delivery
  }

  get(): AbortSignal {
    if (this.#controller !== undefined) return this.#controller.signal
    this.#controller = new AbortController()
    if (this.#aborted !== undefined) this.#controller.abort(this.#aborted.reason)
    else if (!this.#over) this.#follow()
    return this.#controller.signal
  }

  abort(reason: unknown): void {
    this.#aborted ??= { reason }
    this.#controller?.abort(reason)
  }

  /** What becomes of the delivery does not matter any more. */
  end(): void {
    this.#over = true
    if (this.#onLinkLost !== undefined) this.#delivery.signal.removeEventListener('abort', this.#onLinkLost)
  }

  #follow(): void {
    const { signal } = this.#delivery
    this.#onLinkLost = () => this.abort(signal.reason)
    if (signal.aborted) this.#onLinkLost()
    else signal.addEventListener('abort', this.#onLinkLost)
  }
}
