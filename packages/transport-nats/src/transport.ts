import {
  type Change,
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
import { announce } from './board/announce.js'
import { Watcher } from './board/watcher.js'
import { close } from './close.js'
import { Consumer } from './consume/consumer.js'
import { roomForBody } from './envelope.js'
import { isShelf } from './names.js'
import type { Party } from './party.js'
import { publish } from './publish/publish.js'
import { declare } from './queue/declare.js'
import { drop } from './queue/drop.js'
import { inspect } from './queue/inspect.js'
import { Janitor } from './queue/janitor.js'
import { listQueues } from './queue/list.js'
import { ask } from './requests/ask.js'
import { Responder } from './requests/responder.js'

const defaultMaxPayload = 1024 * 1024

/** The verbs of the contract: each checks what it is given and hands over to the room that does it. */
export class NatsTransport implements Transport {
  readonly name = 'nats'
  readonly traits: Traits
  readonly #party: Party
  readonly #janitor: Janitor
  #closed: Promise<void> | undefined

  constructor(party: Party) {
    this.#party = party
    this.#janitor = new Janitor(party)
    this.#janitor.start()
    this.traits = {
      maxBodyBytes: roomForBody(party.link.nc.info?.max_payload ?? defaultMaxPayload),
      survives: { processExit: true, brokerRestart: true },
      attemptsCount: 'verdicts',
      carriesRetryHeaders: true,
      retryDelays: 'exact',
    }
  }

  publish(queues: readonly string[], message: Message): Promise<PublishReport> {
    return publish(this.#party, this.traits.maxBodyBytes, queues, message)
  }

  async declare(queue: string, options?: Pick<ConsumeOptions, 'lifetime'>): Promise<void> {
    checkName('queue', queue)
    const lifetime = checkLifetime(options)
    await this.#party.call(`The queue ${queue} was not declared`, () => declare(this.#party, queue, lifetime))
  }

  async consume(queue: string, options: ConsumeOptions, handle: Handle): Promise<Running> {
    checkName('shelf', queue)
    checkConsume(options, handle)
    if (options.lifetime === 'instance' && isShelf(queue))
      throw invalid('A shelf ends with its queue; it has no other lifetime.')
    const consumer = new Consumer(this.#party, queue, options, handle)
    await this.#party.call(`The queue ${queue} is not consumed`, () => consumer.start())
    return consumer
  }

  async announce(board: string, key: string, fact: Message | null): Promise<void> {
    checkName('board', board)
    checkName('key', key)
    const copy = fact === null ? null : copyMessage(fact, this.traits.maxBodyBytes)
    return this.#party.call(`The board ${board} may not have the fact`, () => announce(this.#party, board, key, copy))
  }

  async watch(board: string, see: (change: Change) => void, options?: WatchOptions): Promise<Running> {
    checkName('board', board)
    if (typeof see !== 'function') throw invalid('A watcher needs a function that sees changes.')
    const watcher = new Watcher(this.#party, board, see, options)
    await this.#party.call(`The board ${board} is not watched`, () => watcher.start())
    return watcher
  }

  async request(address: string, message: Message, options: { readonly timeoutMs: number }): Promise<Message> {
    checkName('address', address)
    const timeoutMs = options?.timeoutMs
    if (!(timeoutMs > 0 && timeoutMs < Number.POSITIVE_INFINITY))
      throw invalid(`timeoutMs is a number of milliseconds above 0, not ${String(timeoutMs)}.`)
    const copy = copyMessage(message, this.traits.maxBodyBytes)
    return this.#party.call(`Nobody at ${address} was asked`, () => ask(this.#party, address, copy, timeoutMs))
  }

  async respond(address: string, answer: (request: Message) => Promise<Message>): Promise<Running> {
    checkName('address', address)
    if (typeof answer !== 'function') throw invalid('A responder needs a function that answers.')
    const responder = new Responder(this.#party, address, this.traits.maxBodyBytes, answer)
    await this.#party.call(`Nobody responds at ${address}`, () => responder.start())
    return responder
  }

  async inspect(queue: string, options?: { readonly peekParked?: number }): Promise<QueueReport | undefined> {
    checkName('shelf', queue)
    const peekParked = options?.peekParked ?? 0
    if (!Number.isSafeInteger(peekParked) || peekParked < 0)
      throw invalid(`peekParked is a whole number from 0, not ${String(peekParked)}.`)
    return this.#party.call(`The queue ${queue} was not inspected`, () => inspect(this.#party, queue, peekParked))
  }

  async drop(queue: string): Promise<void> {
    checkName('queue', queue)
    return this.#party.call(`The queue ${queue} was not dropped`, () => drop(this.#party, queue))
  }

  async listQueues(): Promise<readonly string[]> {
    return this.#party.call('The queues were not listed', () => listQueues(this.#party))
  }

  close(): Promise<void> {
    this.#closed ??= close(this.#party, this.#janitor)
    return this.#closed
  }
}

function invalid(sentence: string): TransportError {
  return new TransportError('invalid-argument', sentence)
}
