import { setMaxListeners } from 'node:events'
import type { Running } from '@recordcast/transport'
import { type ConsumeOptions, checkVerdict, type Handle } from '@recordcast/transport/driver'
import { type Turn, Twins } from '@recordcast/transport/twins'
import type { ConsumeMessage } from 'amqplib'
import { asError, asTransportError, lost, queueDeleted } from '../errors.js'
import { type Ground, tell } from '../ground.js'
import { cancel, type Opened } from '../link/channel.js'
import { lookAt } from '../link/look.js'
import { Standing } from '../link/standing.js'
import { isShelf } from '../names.js'
import type { Lane } from '../publish/lane.js'
import type { Lifetime } from '../queues/declare.js'
import { idOf, type Marks, marksOf, messageOf } from '../wire.js'
import { Acks } from './acks.js'
import { carry } from './carry.js'
import { Handed } from './handed.js'
import { inTime } from './in-time.js'
import { acksTaken } from './last-acks.js'
import { afterThrow, type Move, moveFor, onward } from './settle.js'
import { withdraw } from './withdraw.js'

/** Makes a queue if it is absent. */
export type Declare = (queue: string, lifetime: Lifetime) => Promise<void>

interface Held {
  readonly opened: Opened
  readonly acks: Acks
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
  readonly #isShelf: boolean
  readonly #handle: Handle
  readonly #standing: Standing
  readonly #halt = new AbortController()
  readonly #handed = new Set<Handed>()
  readonly #twins: Twins
  #waiting: Held[] = []
  #running = 0
  #idle = (): void => {}
  #current: { readonly opened: Opened; readonly acks: Acks; readonly tag: string } | undefined
  #stopping: Promise<void> | undefined

  constructor(ground: Ground, lane: Lane, declare: Declare, queue: string, options: ConsumeOptions, handle: Handle) {
    this.#ground = ground
    this.#lane = lane
    this.#declare = declare
    this.queue = queue
    this.#options = options
    this.#lifetime = options.lifetime ?? 'durable'
    this.#handle = handle
    this.#isShelf = isShelf(queue)
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
    // What is handed out for the last question is not to be acked with what was handled.
    current?.acks.flush()
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
    const acks = new Acks(this.#ground.clock, opened)
    const take = (received: ConsumeMessage): void => this.#take({ opened, acks, received })
    const { consumerTag } = await opened.channel.consume(name, inTime(this.#ground.clock, opened, prefetch, take))
    this.#current = { opened, acks, tag: consumerTag }
  }

  #down(reason: Error | undefined): void {
    this.#current = undefined
    this.#waiting = []
    const overdue = withdraw(this.#handed, this.queue, reason)
    if (overdue) this.#tell(overdue)
  }

  #take(held: Held): void {
    if (this.#stopping !== undefined) this.#putBack(held)
    else {
      this.#waiting.push(held)
      this.#next()
    }
  }

  #putBack({ acks, received }: Held): void {
    acks.putBack(received)
  }

  #next(): void {
    while (this.#running < this.#options.concurrency) {
      const held = this.#waiting.shift()
      if (held === undefined) return
      this.#running++
      void this.#run(held)
    }
  }

  /** From delivery to verdict and what follows from it. Never rejects. */
  async #run(held: Held): Promise<void> {
    const { opened, acks, received } = held
    const marks = marksOf(received)
    // A shelf may hold several messages of one id.
    const id = this.#isShelf ? undefined : idOf(received)
    const taken = this.#twins.takeNow(id, marks.hop, opened)
    const turn = taken instanceof Promise ? await taken : taken
    if (turn === undefined) acks.ack(received)
    else {
      if (opened.closed) {
        // The broker has put it back.
      } else if (this.#stopping !== undefined) this.#putBack(held)
      else {
        const move = onward(this.#ground, this.queue, received, marks) ?? (await this.#decide(held, marks))
        if (move === 'ack') {
          if (!opened.closed) acks.ack(received)
        } else if (await this.#carry(held, move, turn)) turn.moved()
      }
      turn.end()
    }
    this.#running--
    if (this.#stopping === undefined) this.#next()
    else if (this.#running === 0) this.#idle()
  }

  #carry(held: Held, move: Move, turn: Turn): Promise<boolean> {
    const { queue } = this
    const how = { lane: this.#lane, lifetime: this.#lifetime, halt: this.#halt.signal }
    return carry({ ...held, ...how, ground: this.#ground, queue, move, turn, tell: (error) => this.#tell(error) })
  }

  async #decide({ opened, received }: Held, marks: Marks): Promise<Move> {
    const delivery = new Handed(opened, messageOf(received), marks)
    this.#handed.add(delivery)
    try {
      return moveFor(this.#ground, this.queue, received, checkVerdict(await this.#handle(delivery)))
    } catch (thrown) {
      const error = asError(thrown)
      if (!opened.closed) this.#tell(error)
      return moveFor(this.#ground, this.queue, received, afterThrow(error, marks.attempt))
    } finally {
      this.#handed.delete(delivery)
    }
  }

  #tell(error: Error): void {
    tell(this.#ground, this.#options.onError, error)
  }
}
