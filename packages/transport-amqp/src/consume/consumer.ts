import { setMaxListeners } from 'node:events'
import type { Running } from '@recordcast/transport'
import { type ConsumeOptions, checkVerdict, type Handle } from '@recordcast/transport/driver'
import { type Turn, Twins } from '@recordcast/transport/twins'
import type { ConsumeMessage } from 'amqplib'
import { asError, asTransportError, lost, queueDeleted } from '../errors.js'
import { type Ground, tell } from '../ground.js'
import { cancel, type Opened, quietly } from '../link/channel.js'
import { lookAt } from '../link/look.js'
import { Standing } from '../link/standing.js'
import { isShelf } from '../names.js'
import type { Lane } from '../publish/lane.js'
import type { Lifetime } from '../queues/declare.js'
import { copied, idOf, marksOf, messageOf } from '../wire.js'
import { carry } from './carry.js'
import { inTime } from './in-time.js'
import { acksTaken } from './last-acks.js'
import { afterThrow, type Move, moveFor, onward } from './settle.js'
import { withdraw } from './withdraw.js'

/** Makes a queue if it is absent. */
export type Declare = (queue: string, lifetime: Lifetime) => Promise<void>

interface Held {
  readonly opened: Opened
  readonly received: ConsumeMessage
}

/*
One consumer, on a channel of its own. The broker hands out at most `concurrency` messages at a time; what came over a
channel that is gone is void, its handlers' signals are aborted and their verdicts go unheard. As long as such handlers
run they keep their seats, and what the next channel brings waits.
*/
export class Consumer implements Running {
  readonly queue: string
  readonly #ground: Ground
  readonly #lane: Lane
  readonly #declare: Declare
  readonly #options: ConsumeOptions
  readonly #lifetime: Lifetime
  readonly #handle: Handle
  readonly #standing: Standing
  readonly #halt = new AbortController()
  readonly #signals = new Map<AbortController, Opened>()
  readonly #twins: Twins
  #waiting: Held[] = []
  #running = 0
  #idle = (): void => {}
  #current: { readonly opened: Opened; readonly tag: string } | undefined
  #stopping: Promise<void> | undefined

  constructor(ground: Ground, lane: Lane, declare: Declare, queue: string, options: ConsumeOptions, handle: Handle) {
    this.#ground = ground
    this.#lane = lane
    this.#declare = declare
    this.queue = queue
    this.#options = options
    this.#lifetime = options.lifetime ?? 'durable'
    this.#handle = handle
    this.#twins = new Twins(ground.clock)
    // Every message in hand may wait for it.
    setMaxListeners(0, this.#halt.signal)
    this.#standing = new Standing(ground.settings, ground.consuming, 'plain', {
      setUp: (opened, first) => this.#setUp(opened, first),
      down: (reason) => this.#down(reason),
      failed: (error) => this.#tell(asTransportError(`Consuming from ${queue}`, error)),
    })
  }

  /** Resolves when it consumes for the first time. The queue has been declared before. */
  start(): Promise<void> {
    return this.#standing.stood(() => lost(`Consuming from ${this.queue} could not be begun in time.`))
  }

  /** Messages in its hands. */
  get unsettled(): number {
    return this.#running + this.#waiting.length
  }

  stop(): Promise<void> {
    this.#stopping ??= this.#end()
    return this.#stopping
  }

  async #end(): Promise<void> {
    const current = this.#current
    const cancelled = current && cancel(current.opened, current.tag)
    for (const held of this.#waiting.splice(0)) this.#putBack(held)
    this.#halt.abort()
    await new Promise<void>((resolve) => {
      this.#idle = resolve
      if (this.#running === 0) resolve()
    })
    await cancelled
    if (current !== undefined) await acksTaken(current.opened, this.#ground.names.queue(this.queue))
    await this.#standing.stop()
  }

  async #setUp(opened: Opened, first: boolean): Promise<void> {
    const { settings, consuming, names } = this.#ground
    const name = names.queue(this.queue)
    if (!first && (await lookAt(settings, consuming, name)) === undefined) {
      await this.#declare(this.queue, this.#lifetime)
      this.#twins.forget()
      this.#tell(queueDeleted(this.queue))
    }
    const prefetch = Math.min(this.#options.concurrency, 65_535)
    await opened.channel.prefetch(prefetch)
    const take = (received: ConsumeMessage): void => this.#take({ opened, received })
    const { consumerTag } = await opened.channel.consume(name, inTime(this.#ground.clock, opened, prefetch, take))
    this.#current = { opened, tag: consumerTag }
  }

  #down(reason: Error | undefined): void {
    this.#current = undefined
    this.#waiting = []
    const overdue = withdraw(this.#signals, this.queue, reason)
    if (overdue) this.#tell(overdue)
  }

  #take(held: Held): void {
    if (this.#stopping !== undefined) this.#putBack(held)
    else {
      this.#waiting.push(held)
      this.#next()
    }
  }

  #putBack({ opened, received }: Held): void {
    quietly(() => opened.channel.nack(received, false, true))
  }

  #next(): void {
    while (this.#running < this.#options.concurrency) {
      const held = this.#waiting.shift()
      if (held === undefined) return
      this.#running++
      void this.#run(held).then(() => {
        this.#running--
        if (this.#stopping === undefined) this.#next()
        else if (this.#running === 0) this.#idle()
      })
    }
  }

  /** From delivery to verdict and what follows from it. Never rejects. */
  async #run(held: Held): Promise<void> {
    const { opened, received } = held
    // A shelf may hold several messages of one id.
    const id = isShelf(this.queue) ? undefined : idOf(received)
    const turn = await this.#twins.take(id, marksOf(received).hop, opened)
    if (turn === undefined) return void quietly(() => opened.channel.ack(received))
    if (await this.#settle(held, turn)) turn.moved()
    turn.end()
  }

  async #settle(held: Held, turn: Turn): Promise<boolean> {
    const { opened, received } = held
    if (opened.closed) return false
    if (this.#stopping !== undefined) {
      this.#putBack(held)
      return false
    }
    const move = onward(this.#ground, this.queue, received) ?? (await this.#decide(opened, received))
    return carry({
      ground: this.#ground,
      lane: this.#lane,
      queue: this.queue,
      lifetime: this.#lifetime,
      opened,
      received,
      move,
      turn,
      halt: this.#halt.signal,
      tell: (error) => this.#tell(error),
    })
  }

  async #decide(opened: Opened, received: ConsumeMessage): Promise<Move> {
    const { attempt, seen: redelivered, unanswered } = marksOf(received)
    const signal = new AbortController()
    this.#signals.set(signal, opened)
    try {
      const delivery = { message: copied(messageOf(received)), attempt, redelivered, signal: signal.signal }
      const given = await this.#handle(unanswered === undefined ? delivery : { ...delivery, unanswered })
      return moveFor(this.#ground, this.queue, received, checkVerdict(given))
    } catch (thrown) {
      const error = asError(thrown)
      if (!opened.closed) this.#tell(error)
      return moveFor(this.#ground, this.queue, received, afterThrow(error, attempt))
    } finally {
      this.#signals.delete(signal)
    }
  }

  #tell(error: Error): void {
    tell(this.#ground, this.#options.onError, error)
  }
}
