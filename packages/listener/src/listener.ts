import { type EventType, RecordcastError } from '@recordcast/protocol'
import type { Checked, DataOf } from '@recordcast/protocol/language'
import { checkOptions } from './check-options.js'
import { type ListenerStats, newCounts } from './counts.js'
import { newInstance, queueFor } from './fact.js'
import type { Attributes, Handler, SubscribeOptions } from './handler.js'
import type { ListenerOptions } from './options.js'
import { type Session, type Started, start } from './start.js'
import { stop, unsubscribe, unsubscribeStopped } from './stop.js'
import { type Subscribed, subscribe } from './subscribe.js'
import type { SourceAnswer } from './verdicts.js'

/** A named consumer of events. Made by `createListener`; idle until `start`. */
export interface Listener {
  /**
   * Subscribes to an event type. One handler a type; before start() only.
   *
   * @throws RecordcastError duplicate-handler, already-started, invalid-options, invalid-pattern, pattern-too-complex, expression-*
   * @example listener.on(issue.changed, { attributes: { title: 'title', who: 'author.login' } }, (event) => event.data.who)
   */
  on<Shape extends object, const A extends Attributes>(
    type: EventType<Shape>,
    options: SubscribeOptions<A & Checked<Shape, A>>,
    handler: Handler<DataOf<Shape, A>>,
  ): Listener
  /**
   * Announces the subscriptions and takes events. Resolves with what each source on the board said; from then on no event
   * of a source that answered is missed. After a failure nothing is left behind, and it may be called again.
   *
   * @throws RecordcastError subscription-refused (`reasons` has every reason), no-handlers, already-started,
   *   listener-name-taken, announcement-too-large; what the transport rejects with
   */
  start(): Promise<readonly SourceAnswer[]>
  /** Takes nothing new, lets handlers end within `stopTimeoutMs`, gives back the rest. The listener stays subscribed. Never rejects. */
  stop(): Promise<void>
  /** Ends the subscription for good, then drops the queue with all that is in it. Works started or not, and twice. */
  unsubscribe(): Promise<void>
  stats(): ListenerStats
}

/**
 * Makes a listener.
 *
 * @throws RecordcastError invalid-options, naming the option
 * @example
 * const listener = createListener({ service: 'notifier', broker })
 * listener.on(issue.changed, { attributes: ['title'] }, async (event) => notify(event.data.title))
 * await listener.start()
 */
export function createListener(options: ListenerOptions): Listener {
  return new Lifecycle(options)
}

/*
Idle, starting, started, ending, and idle again: `#starting` and `#ending` are set while that goes on, `#session` while started. An end that
comes during a start waits for it; a start that comes during an end waits for that.
*/
class Lifecycle implements Listener {
  readonly #settings: ReturnType<typeof checkOptions>
  readonly #subscribed = new Map<string, Subscribed>()
  readonly #counts = newCounts()
  readonly #instance: string
  readonly #queue: string
  #starting: Promise<Started> | undefined
  #session: Session | undefined
  #ending: Promise<void> | undefined

  constructor(options: ListenerOptions) {
    this.#settings = checkOptions(options)
    this.#instance = newInstance(this.#settings.broker.random)
    this.#queue = queueFor(this.#settings, this.#instance)
  }

  on(type: EventType, options: SubscribeOptions, handler: unknown): this {
    if (this.#session ?? this.#starting ?? this.#ending) throw this.#alreadyStarted('takes no further handlers')
    const subscribed = subscribe(type, options, handler)
    const { event } = subscribed.subscription
    if (this.#subscribed.has(event)) {
      const sentence = `Listener "${this.#settings.listener}" has a handler for ${event} already`
      throw new RecordcastError('duplicate-handler', sentence, { found: event, expected: 'one handler an event type' })
    }
    this.#subscribed.set(event, subscribed)
    return this
  }

  async start(): Promise<readonly SourceAnswer[]> {
    if (this.#starting || (this.#session && !this.#ending)) throw this.#alreadyStarted('cannot be started again')
    if (this.#subscribed.size === 0) {
      const sentence = `Listener "${this.#settings.listener}" has no handlers; call on() before start()`
      throw new RecordcastError('no-handlers', sentence, { expected: 'at least one call of on()' })
    }
    this.#starting = this.#begin()
    try {
      const { session, answers } = await this.#starting
      this.#session = session
      return answers
    } finally {
      this.#starting = undefined
    }
  }

  stop(): Promise<void> {
    if (this.#ending && !this.#starting) return this.#ending.catch(() => undefined)
    return this.#end((session) => (session === undefined ? Promise.resolve() : stop(session)))
  }

  unsubscribe(): Promise<void> {
    return this.#end((session) =>
      session === undefined ? unsubscribeStopped(this.#settings, this.#queue) : unsubscribe(session),
    )
  }

  stats(): ListenerStats {
    const { corridor, presence, taking } = this.#session ?? {}
    const now = {
      running: corridor?.running ?? 0,
      waiting: corridor?.waiting ?? 0,
      paused: taking?.paused ?? false,
      refusals: presence?.refusals() ?? [],
    }
    return { ...this.#counts, ...now }
  }

  async #begin(): Promise<Started> {
    await this.#ending?.catch(() => undefined)
    return start({
      settings: this.#settings,
      counts: this.#counts,
      subscribed: this.#subscribed,
      instance: this.#instance,
      queue: this.#queue,
      stats: () => this.stats(),
    })
  }

  #end(finish: (session: Session | undefined) => Promise<void>): Promise<void> {
    const before = this.#ending
    const starting = this.#starting
    const run = async (): Promise<void> => {
      await before?.catch(() => undefined)
      const started = await starting?.catch(() => undefined)
      await finish(started?.session ?? this.#session)
    }
    const ending: Promise<void> = run().finally(() => {
      this.#session = undefined
      if (this.#ending === ending) this.#ending = undefined
    })
    this.#ending = ending
    return ending
  }

  #alreadyStarted(sentence: string): RecordcastError {
    return new RecordcastError('already-started', `Listener "${this.#settings.listener}" is started and ${sentence}`)
  }
}
