import { setMaxListeners } from 'node:events'
import type { Running } from '@recordcast/transport'
import type { ConsumeOptions, Handle } from '@recordcast/transport/driver'
import { type Turn, Twins } from '@recordcast/transport/twins'
import type { ConsumeMessage } from 'amqplib'
import { asTransportError, lost, queueDeleted } from '../errors.js'
import { type Ground, tell } from '../ground.js'
import { cancel, type Opened } from '../link/channel.js'
import { lookAt } from '../link/look.js'
import { Standing } from '../link/standing.js'
import { isShelf } from '../names.js'
import type { Lane } from '../publish/lane.js'
import type { Lifetime } from '../queues/declare.js'
import { idOf, type Marks, marksOf } from '../wire.js'
import { Acks } from './acks.js'
import { carry } from './carry.js'
import { inTime } from './in-time.js'
import { type Held, Judge } from './judge.js'
import { acksTaken } from './last-acks.js'
import { type Move, onward } from './settle.js'

/** Makes a queue if it is absent. */
export type Declare = (queue: string, lifetime: Lifetime) => Promise<void>

/*
One consumer, on a channel of its own. The broker hands out at most `concurrency` messages at a time; what came over a
channel that is gone is void, its handlers' signals are aborted and their verdicts go unheard. As long as such handlers
run they keep their seats, and what the next channel brings waits.

A delivery goes run → begin → conclude → end, in one go where nothing has to be waited for: no twin is in hand, the handler gives
its verdict without a promise, and it is an ack.
*/
export class Consumer implements Running {
  readonly queue: string
  readonly #ground: Ground
  readonly #lane: Lane
  readonly #declare: Declare
  readonly #options: ConsumeOptions
  readonly #lifetime: Lifetime
  readonly #isShelf: boolean
  readonly #judge: Judge
  readonly #standing: Standing
  readonly #halt = new AbortController()
  readonly #twins: Twins
  #waiting: Held[] = []
  #running = 0
  #filling = false
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
    this.#judge = new Judge(ground, queue, handle, (error) => this.#tell(error))
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
    for (const { acks, received } of this.#waiting.splice(0)) acks.putBack(received)
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
    const overdue = this.#judge.withdraw(reason)
    if (overdue) this.#tell(overdue)
  }

  #take(held: Held): void {
    if (this.#stopping !== undefined) held.acks.putBack(held.received)
    else {
      this.#waiting.push(held)
      this.#next()
    }
  }

  #next(): void {
    // A delivery that ends as it begins comes back here: the loop below goes on with the next, not a deeper one.
    if (this.#filling) return
    this.#filling = true
    while (this.#running < this.#options.concurrency) {
      const held = this.#waiting.shift()
      if (held === undefined) break
      this.#running++
      this.#run(held)
    }
    this.#filling = false
  }

  #run(held: Held): void {
    const marks = marksOf(held.received)
    // A shelf may hold several messages of one id.
    const id = this.#isShelf ? undefined : idOf(held.received)
    const taken = this.#twins.takeNow(id, marks.hop, held.opened)
    if (taken instanceof Promise) void taken.then((turn) => this.#begin(held, marks, turn))
    else this.#begin(held, marks, taken)
  }

  #begin(held: Held, marks: Marks, turn: Turn | undefined): void {
    const { opened, acks, received } = held
    if (turn === undefined) acks.ack(received)
    else if (opened.closed) {
      // The broker has put it back.
    } else if (this.#stopping !== undefined) acks.putBack(received)
    else {
      const move = onward(this.#ground, this.queue, received, marks) ?? this.#judge.ask(held, marks)
      if (move instanceof Promise) void move.then((late) => this.#conclude(held, late, turn))
      else this.#conclude(held, move, turn)
      return
    }
    this.#ended(turn)
  }

  #conclude(held: Held, move: Move, turn: Turn): void {
    if (move !== 'ack') {
      void this.#carry(held, move, turn).then((stored) => {
        if (stored) turn.moved()
        this.#ended(turn)
      })
      return
    }
    if (!held.opened.closed) held.acks.ack(held.received)
    this.#ended(turn)
  }

  #ended(turn: Turn | undefined): void {
    turn?.end()
    this.#running--
    if (this.#stopping === undefined) this.#next()
    else if (this.#running === 0) this.#idle()
  }

  #carry(held: Held, move: Move, turn: Turn): Promise<boolean> {
    const { queue } = this
    const how = { lane: this.#lane, lifetime: this.#lifetime, halt: this.#halt.signal }
    return carry({ ...held, ...how, ground: this.#ground, queue, move, turn, tell: (error) => this.#tell(error) })
  }

  #tell(error: Error): void {
    tell(this.#ground, this.#options.onError, error)
  }
}
