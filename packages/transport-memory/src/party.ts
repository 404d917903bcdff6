import type { Clock, Transport } from '@recordcast/transport'
import type { Watcher } from './board.js'
import type { Consumer } from './queue/consumer.js'
import type { Queue } from './queue/queue.js'
import type { Question, Responder } from './requests.js'
import type { Space } from './space.js'

/** One transport, as the bus knows it: all that it has to take away when the transport closes or is killed. */
export class Party {
  state: 'open' | 'closing' | 'closed' | 'killed' = 'open'
  readonly transport: Transport
  readonly space: Space
  readonly clock: Clock
  readonly consumers = new Set<Consumer>()
  readonly watchers = new Set<Watcher>()
  readonly responders = new Set<Responder>()
  readonly questions = new Set<Question>()
  readonly instances = new Set<Queue>()
  readonly #onWarning: ((error: Error) => void) | undefined
  /** Copies published and not confirmed yet. */
  unconfirmed = 0
  #pending = 0
  #idle = (): void => {}

  constructor(transport: Transport, space: Space, clock: Clock, onWarning: ((error: Error) => void) | undefined) {
    this.transport = transport
    this.space = space
    this.clock = clock
    this.#onWarning = onWarning
  }

  /** Tells the caller's own function of an error, or onWarning where there is none. Whatever that does harms nobody. */
  tell(onError: ((error: Error) => void) | undefined, thrown: unknown): void {
    if (this.state === 'killed') return
    const error = asError(thrown)
    if (onError === undefined) this.#warn(error)
    else guarded(() => onError(error), this.#warn)
  }

  /** Runs a callback that must not throw; if it does, that is told. */
  guard(run: () => unknown, onError: ((error: Error) => void) | undefined): void {
    guarded(run, (error) => this.tell(onError, error))
  }

  /** A call is on its way to the bus and back; close waits for it. */
  begin(): void {
    this.#pending++
  }

  done(): void {
    this.#pending--
    if (this.#pending === 0) this.#idle()
  }

  whenIdle(): Promise<void> {
    return new Promise((resolve) => {
      this.#idle = resolve
      if (this.#pending === 0) resolve()
    })
  }

  readonly #warn = (error: Error): void => guarded(() => this.#onWarning?.(error), ignore)
}

export function asError(thrown: unknown): Error {
  if (thrown instanceof Error) return thrown
  const kind = thrown === null ? 'null' : typeof thrown
  const shown = typeof thrown === 'object' || typeof thrown === 'function' ? '' : `: ${String(thrown)}`
  return new Error(`${kind} was thrown instead of an error${shown}`, { cause: thrown })
}

/** A throw, or the rejection of a promise that is returned against the callback's type, goes to `failed`. */
function guarded(run: () => unknown, failed: (error: Error) => void): void {
  const fail = (thrown: unknown): void => failed(asError(thrown))
  try {
    const returned = run()
    if (returned instanceof Promise) returned.catch(fail)
  } catch (thrown) {
    fail(thrown)
  }
}

/** What a dead party awaits. */
export function never<T>(): Promise<T> {
  return new Promise(ignore)
}

function ignore(): void {}
