import { randomUUID } from 'node:crypto'
import type { JetStreamManager } from '@nats-io/jetstream'
import type { Running } from '@recordcast/transport'
import { TransportError } from '@recordcast/transport'
import { asError, closed, unconfirmed } from './link/errors.js'
import type { Link } from './link/link.js'
import { type Names, namesIn } from './names.js'
import type { Settings } from './options.js'
import { Targets } from './publish/target.js'
import { Window } from './publish/window.js'

/** One transport: its link and all that it has begun and has to end. */
export class Party {
  readonly id = randomUUID()
  readonly link: Link
  readonly jsm: JetStreamManager
  readonly settings: Settings
  readonly names: Names
  readonly window: Window
  readonly targets: Targets
  /** How many copies the broker keeps, and until when a cluster that has too few servers is waited for. */
  readonly replicas: { count: number; readonly asked: boolean; waitUntil?: number }
  readonly consumers = new Set<Running>()
  readonly watchers = new Set<Running>()
  readonly responders = new Set<Running>()
  readonly questions = new Set<(error: TransportError) => void>()
  /** Instance queues that this transport declared. */
  readonly instances = new Set<string>()
  readonly boards = new Map<string, Promise<void>>()
  state: 'open' | 'closing' | 'closed' = 'open'
  #underWay = 0
  #whenIdle: (() => void)[] = []
  readonly #warned = new Set<string>()

  constructor(link: Link, jsm: JetStreamManager, settings: Settings) {
    this.link = link
    this.jsm = jsm
    this.settings = settings
    this.names = namesIn(settings.namespace)
    this.targets = new Targets(this.names)
    this.window = new Window(settings.windowMessages, settings.windowBytes)
    this.replicas = {
      count: settings.replicas ?? (link.nc.info?.cluster ? 3 : 1),
      asked: settings.replicas !== undefined,
    }
  }

  /** Runs a verb unless the transport is closed; close waits for it. Whatever it rejects with is an error of the contract. */
  call<T>(what: string, act: () => Promise<T>): Promise<T> {
    if (this.state !== 'open') return Promise.reject(closed())
    const work = act()
    this.begin()
    return work.then(
      (result) => {
        this.ended()
        return result
      },
      (error: unknown) => {
        this.ended()
        if (this.state === 'closed') throw closed()
        throw unconfirmed(error, what, this.settings.scrub)
      },
    )
  }

  /** For a verb that says itself when it has ended. */
  begin(): void {
    this.#underWay++
  }

  ended(): void {
    if (--this.#underWay > 0 || this.#whenIdle.length === 0) return
    for (const resolve of this.#whenIdle.splice(0)) resolve()
  }

  /** Resolves when the verbs under way have settled, those begun meanwhile included. */
  async whenIdle(): Promise<void> {
    while (this.#underWay > 0) await new Promise<void>((resolve) => this.#whenIdle.push(resolve))
  }

  /** Asks the JetStream API. Rejects with connection-lost as everything on the link does. */
  api<T>(work: (jsm: JetStreamManager) => Promise<T>): Promise<T> {
    return this.link.during(() => work(this.jsm))
  }

  pause(ms: number): Promise<void> {
    return new Promise((resolve) => void this.settings.clock.after(ms, resolve))
  }

  /** Tells the caller's own function of an error, or onWarning where there is none. Whatever that does harms nobody. */
  tell(onError: ((error: Error) => void) | undefined, thrown: unknown): void {
    const error = asError(thrown)
    if (onError === undefined) this.warn(error)
    else guarded(() => onError(error), this.warn)
  }

  /** Runs a callback that must not throw; if it does, that is told. */
  guard(run: () => unknown, onError: ((error: Error) => void) | undefined): void {
    guarded(run, (error) => this.tell(onError, error))
  }

  readonly warn = (error: Error): void => guarded(() => this.settings.onWarning?.(error), ignore)

  /** Says a thing about this server once. */
  warnOnce(sentence: string): void {
    if (this.#warned.has(sentence)) return
    this.#warned.add(sentence)
    this.warn(new TransportError('not-confirmed', sentence))
  }
}

/** A throw, or the rejection of a promise that is returned against the callback's type, goes to `failed`. */
export function guarded(run: () => unknown, failed: (error: Error) => void): void {
  const fail = (thrown: unknown): void => failed(asError(thrown))
  try {
    const returned = run()
    if (returned instanceof Promise) returned.catch(fail)
  } catch (thrown) {
    fail(thrown)
  }
}

function ignore(): void {}
