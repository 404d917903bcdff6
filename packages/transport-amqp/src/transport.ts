import type { Change, Message, QueueReport, Running, Transport } from '@recordcast/transport'
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
import { Boards } from './board/boards.js'
import { Consumers } from './consume/consumers.js'
import { asError, closed, invalid, lost } from './errors.js'
import { type Ground, tell } from './ground.js'
import type { Links } from './link/links.js'
import { isShelf } from './names.js'
import { Lane } from './publish/lane.js'
import { publish } from './publish/publish.js'
import { declareQueue } from './queues/declare.js'
import { dropQueue } from './queues/drop.js'
import { inspect } from './queues/inspect.js'
import { Instances } from './queues/instances.js'
import { Asker } from './request/ask.js'
import { Responder } from './request/respond.js'
import { Tasks } from './tasks.js'

export class AmqpTransport implements Transport {
  readonly name = 'amqp'
  readonly traits: Traits
  readonly #ground: Ground
  readonly #links: Links
  readonly #lane: Lane
  readonly #instances: Instances
  readonly #consumers: Consumers
  readonly #boards: Boards
  readonly #responders = new Set<Responder>()
  readonly #tasks = new Tasks()
  #asker: Asker | undefined
  #closing: Promise<void> | undefined

  constructor(ground: Ground, links: Links) {
    this.#ground = ground
    this.#links = links
    this.#lane = new Lane(ground.settings, ground.publishing, (error) => tell(ground, undefined, asError(error)))
    this.#instances = new Instances(ground)
    this.#consumers = new Consumers(ground, (queue, lifetime) => this.#declare(queue, lifetime))
    this.#boards = new Boards(ground)
    links.unblocked = () => {
      this.#lane.pump()
      this.#consumers.pump()
    }
    this.traits = {
      maxBodyBytes: ground.maxBodyBytes,
      survives: { processExit: true, brokerRestart: true },
      attemptsCount: 'verdicts',
      carriesRetryHeaders: true,
      retryDelays: ground.settings.rungs,
    }
  }

  /** Resolves when messages can be published. */
  async start(): Promise<void> {
    await this.#lane.standing.stood(() => lost('The connection was lost before it was set up.'))
  }

  publish(queues: readonly string[], message: Message): Promise<PublishReport> {
    if (this.#closing !== undefined) return Promise.reject(closed())
    return publish(this.#ground, this.#lane, this.#tasks, queues, message)
  }

  declare(queue: string, options?: Pick<ConsumeOptions, 'lifetime'>): Promise<void> {
    return this.#task(async () => {
      checkName('queue', queue)
      await this.#declare(queue, checkLifetime(options))
    })
  }

  consume(queue: string, options: ConsumeOptions, handle: Handle): Promise<Running> {
    return this.#task(async () => {
      checkName('shelf', queue)
      checkConsume(options, handle)
      const lifetime = checkLifetime(options)
      if (lifetime === 'instance' && isShelf(queue))
        throw invalid('A shelf ends with its queue; it has no other lifetime.')
      await this.#declare(queue, lifetime)
      return this.#consumers.consume(queue, { ...options }, handle)
    })
  }

  announce(board: string, key: string, fact: Message | null): Promise<void> {
    return this.#task(async () => {
      checkName('board', board)
      checkName('key', key)
      const copy = fact === null ? null : copyMessage(fact, this.#ground.maxBodyBytes)
      await this.#boards.on(board).announce(key, copy)
    })
  }

  watch(board: string, see: (change: Change) => void, options?: WatchOptions): Promise<Running> {
    return this.#task(async () => {
      checkName('board', board)
      if (typeof see !== 'function') throw invalid('A watcher needs a function that sees changes.')
      return this.#boards.on(board).watch(see, options?.onError)
    })
  }

  async request(address: string, message: Message, options: { readonly timeoutMs: number }): Promise<Message> {
    if (this.#closing !== undefined) throw closed()
    checkName('address', address)
    const timeoutMs = options?.timeoutMs
    if (!(timeoutMs > 0 && timeoutMs < Number.POSITIVE_INFINITY))
      throw invalid(`timeoutMs is a number of milliseconds above 0, not ${String(timeoutMs)}.`)
    const copy = copyMessage(message, this.#ground.maxBodyBytes)
    this.#asker ??= new Asker(this.#ground)
    return this.#asker.ask(address, copy, timeoutMs)
  }

  respond(address: string, answer: (request: Message) => Promise<Message>): Promise<Running> {
    return this.#task(async () => {
      checkName('address', address)
      if (typeof answer !== 'function') throw invalid('A responder needs a function that answers.')
      const responder = new Responder(this.#ground, address, answer)
      await responder.start()
      this.#responders.add(responder)
      return {
        stop: async () => {
          await responder.stop()
          this.#responders.delete(responder)
        },
      }
    })
  }

  inspect(queue: string, options?: { readonly peekParked?: number }): Promise<QueueReport | undefined> {
    return this.#task(async () => {
      checkName('shelf', queue)
      const peekParked = options?.peekParked ?? 0
      if (!Number.isSafeInteger(peekParked) || peekParked < 0)
        throw invalid(`peekParked is a whole number from 0, not ${String(peekParked)}.`)
      return inspect(this.#ground, queue, peekParked, () => this.#consumers.unsettled(queue))
    })
  }

  drop(queue: string): Promise<void> {
    return this.#task(async () => {
      checkName('queue', queue)
      this.#instances.remove(queue)
      await dropQueue(this.#ground, queue)
    })
  }

  listQueues(): Promise<readonly string[] | undefined> {
    return this.#task(async () => undefined)
  }

  close(): Promise<void> {
    this.#closing ??= this.#close()
    return this.#closing
  }

  async #close(): Promise<void> {
    this.#links.leave()
    // What was called before may still begin something that has to be stopped.
    await this.#tasks.idle()
    await Promise.all([this.#consumers.stop(), ...[...this.#responders].map((responder) => responder.stop())])
    await this.#asker?.close(closed())
    await this.#boards.close()
    await this.#instances.close()
    await Promise.all([this.#lane.stop(), this.#consumers.close()])
    await this.#links.close()
  }

  async #declare(queue: string, lifetime: 'durable' | 'instance'): Promise<void> {
    await declareQueue(this.#ground, queue, lifetime, this.#consumers.has(queue))
    if (lifetime === 'instance') this.#instances.add(queue)
  }

  #task<T>(run: () => Promise<T>): Promise<T> {
    return this.#closing === undefined ? this.#tasks.add(run()) : Promise.reject(closed())
  }
}
