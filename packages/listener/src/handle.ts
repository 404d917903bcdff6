import { RecordcastError } from '@recordcast/protocol/errors'
import type { Clock, Delivery } from '@recordcast/transport'
import { toFailure } from './failure.js'
import type { Handler, HandlerContext, ListenerEvent } from './handler.js'
import { isThenable } from './is-thenable.js'
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
  const { handler, event, timeoutMs, clock, delivery, patience } = input
  if (patience.over) return 'given-up'
  const context = new LateContext(delivery)
  let returned: unknown
  try {
    // A handler that takes the context may make a copy of it, and properties of its own cost more than all else here.
    returned = handler(event as Parameters<typeof handler>[0], handler.length < 2 ? context : context.plain())
    if (!isThenable(returned)) {
      context.end()
      return succeeded
    }
  } catch (thrown) {
    context.end()
    return { ok: false, failure: toFailure(thrown) }
  }
  return new Promise((resolve) => {
    const end = (outcome: Outcome | 'given-up'): void => {
      callOff()
      leave()
      context.end()
      resolve(outcome)
    }
    const fail = (thrown: unknown): void => end({ ok: false, failure: toFailure(thrown) })
    const leave = patience.onEnd(() => {
      context.abort(patience.reason)
      end('given-up')
    })
    const callOff = clock.after(timeoutMs, () => {
      const error = new RecordcastError('handler-timeout', `The handler took longer than ${timeoutMs} ms`)
      context.abort(error)
      fail(error)
    })
    Promise.resolve(returned).then(() => end(succeeded), fail)
  })
}

/** The handler's context with a signal that is made when it is first asked for. It follows the delivery's until the end. */
class LateContext implements HandlerContext {
  readonly #delivery: Delivery
  #controller: AbortController | undefined
  #onLinkLost: (() => void) | undefined
  #over = false
  #aborted: { readonly reason: unknown } | undefined

  constructor(delivery: Delivery) {
    this.#delivery = delivery
  }

  get attempt(): number {
    return this.#delivery.attempt
  }

  get signal(): AbortSignal {
    if (this.#controller !== undefined) return this.#controller.signal
    this.#controller = new AbortController()
    if (this.#aborted !== undefined) this.#controller.abort(this.#aborted.reason)
    else if (!this.#over) this.#follow()
    return this.#controller.signal
  }

  /** The same as an object with properties of its own. */
  plain(): HandlerContext {
    const signal = (): AbortSignal => this.signal
    return {
      get signal() {
        return signal()
      },
      attempt: this.attempt,
    }
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
