import {
  type Change,
  type Clock,
  type Message,
  type QueueReport,
  type Running,
  type Transport,
  TransportError,
} from '@recordcast/transport'
import {
  type ConsumeOptions,
  checkConsume,
  checkLifetime,
  checkName,
  copyMessage,
  type Handle,
  type PublishReport,
  type Traits,
  type WatchOptions,
} from '@recordcast/transport/driver'
import { createMemoryBus, groundOf, type MemoryBus } from './bus.js'
import { call } from './call.js'
import { close } from './close.js'
import type { Ground } from './ground.js'
import { inspect } from './inspect.js'
import { Party } from './party.js'
import { publish } from './publish.js'
import { Consumer } from './queue/consumer.js'
import { ask, Question, Responder } from './requests.js'
import { isShelf } from './space.js'

export interface MemoryTransportOptions {
  /** The bus to join; default one of its own, which nobody else can join. */
  readonly bus?: MemoryBus
  /** Transports of one bus see each other within a namespace only. Default ''. */
  readonly namespace?: string
  /** This party's own clock, for its requests' time-outs and the time of parking. Default the bus's. */
  readonly clock?: Clock
  /** Told of what nobody else is told of: an error without an onError, or an onError that threw. */
  readonly onWarning?: (error: Error) => void
}

/** A transport on a bus inside this process. It is connected at once; `close` leaves no timer and no handle. */
export function createMemoryTransport(options: MemoryTransportOptions = {}): Transport {
  return new MemoryTransport(options)
}

class MemoryTransport implements Transport {
  readonly name = 'memory'
  readonly traits: Traits
  readonly #ground: Ground
  readonly #party: Party
  #closed: Promise<void> | undefined

  constructor({ bus, namespace = '', clock, onWarning }: MemoryTransportOptions) {
    this.#ground = groundOf(bus ?? createMemoryBus(clock ? { clock } : {}))
    this.#party = new Party(this, this.#ground.space(namespace), clock ?? this.#ground.clock, onWarning)
    this.#ground.parties.set(this, this.#party)
    this.traits = {
      maxBodyBytes: this.#ground.limits.maxBodyBytes,
      survives: { processExit: false, brokerRestart: false },
      attemptsCount: 'verdicts',
      carriesRetryHeaders: true,
      retryDelays: 'exact',
    }
  }

  publish(queues: readonly string[], message: Message): Promise<PublishReport> {
    return publish(this.#ground, this.#party, queues, message)
  }

  async declare(queue: string, options?: Pick<ConsumeOptions, 'lifetime'>): Promise<void> {
    checkName('queue', queue)
    const lifetime = checkLifetime(options)
    return this.#call('declare', queue, () => void this.#party.space.declare(queue, lifetime, this.#party))
  }

  async consume(queue: string, options: ConsumeOptions, handle: Handle): Promise<Running> {
    checkName('shelf', queue)
    checkConsume(options, handle)
    const lifetime = checkLifetime(options)
    if (lifetime === 'instance' && isShelf(queue))
      throw invalid('A shelf ends with its queue; it has no other lifetime.')
    return this.#call('consume', queue, () => {
      const declared = this.#party.space.declare(queue, lifetime, this.#party)
      return new Consumer(this.#ground, this.#party, declared, { ...options }, handle)
    })
  }

  async announce(board: string, key: string, fact: Message | null): Promise<void> {
    checkName('board', board)
    checkName('key', key)
    const copy = fact === null ? null : copyMessage(fact, this.traits.maxBodyBytes)
    return this.#call('announce', board, () => {
      const on = this.#party.space.board(board)
      on.set(key, copy)
      this.#party.space.tidy(on)
    })
  }

  async watch(board: string, see: (change: Change) => void, options?: WatchOptions): Promise<Running> {
    checkName('board', board)
    if (typeof see !== 'function') throw invalid('A watcher needs a function that sees changes.')
    return this.#call('watch', board, () => this.#party.space.board(board).watch(this.#party, see, options))
  }

  async request(address: string, message: Message, options: { readonly timeoutMs: number }): Promise<Message> {
    checkName('address', address)
    const timeoutMs = options?.timeoutMs
    if (!(timeoutMs > 0 && timeoutMs < Number.POSITIVE_INFINITY))
      throw invalid(`timeoutMs is a number of milliseconds above 0, not ${String(timeoutMs)}.`)
    const copy = copyMessage(message, this.traits.maxBodyBytes)
    return this.#call('request', address, () => {
      const question = new Question(this.#ground, this.#party, address, copy, timeoutMs)
      ask(this.#ground, this.#party, question)
      return question.answer
    })
  }

  async respond(address: string, answer: (request: Message) => Promise<Message>): Promise<Running> {
    checkName('address', address)
    if (typeof answer !== 'function') throw invalid('A responder needs a function that answers.')
    return this.#call('respond', address, () => new Responder(this.#ground, this.#party, address, answer))
  }

  async inspect(queue: string, options?: { readonly peekParked?: number }): Promise<QueueReport | undefined> {
    checkName('shelf', queue)
    const peekParked = options?.peekParked ?? 0
    if (!Number.isSafeInteger(peekParked) || peekParked < 0)
      throw invalid(`peekParked is a whole number from 0, not ${String(peekParked)}.`)
    return this.#call('inspect', queue, () => inspect(this.#party.space, queue, peekParked))
  }

  async drop(queue: string): Promise<void> {
    checkName('queue', queue)
    return this.#call('drop', queue, () => this.#party.space.drop(queue))
  }

  async listQueues(): Promise<readonly string[]> {
    return this.#call('listQueues', '', () => this.#party.space.durable())
  }

  close(): Promise<void> {
    if (this.#party.state === 'killed') return Promise.resolve()
    this.#closed ??= close(this.#ground, this.#party)
    return this.#closed
  }

  #call<T>(verb: Exclude<keyof Transport, 'name' | 'traits'>, name: string, act: () => T | Promise<T>): Promise<T> {
    return call(this.#ground, this.#party, verb, name, act)
  }
}

function invalid(sentence: string): TransportError {
  return new TransportError('invalid-argument', sentence)
}
