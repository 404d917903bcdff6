import type { Msg, Subscription } from '@nats-io/transport-node'
import type { Running } from '@recordcast/transport'
import type { ConsumeOptions, Handle } from '@recordcast/transport/driver'
import { InHandSet } from '@recordcast/transport/in-hand'
import { Twins } from '@recordcast/transport/twins'
import { deleted } from '../link/errors.js'
import { persist } from '../link/persist.js'
import type { Party } from '../party.js'
import { type Declared, declareAny } from '../queue/declare.js'
import { Judge } from './judge.js'
import { Lanes } from './lanes.js'
import { type Lease, leaseOf } from './lease.js'
import { Leases } from './leases.js'
import { type Bench, notYet } from './settle.js'
import { Stall } from './stall.js'

const leastMendMs = 250
const mostAcksUnderWay = 1000
const longQuietMs = 10_000

/*
One `consume`. It is sound while its stream, consumer and lanes are known to stand; whatever casts doubt on that (a
status, silence, a verdict that nobody hears, a broken link) mends it: the lanes are forgotten, queue and consumer are declared
again, and it goes on. A place is taken from the arrival of a message until its verdict, or until the copy that a retry or a
park makes is confirmed; an ack that is on its way takes none.
*/
export class Consumer implements Running {
  readonly #party: Party
  readonly #queue: string
  readonly #options: ConsumeOptions
  /** Those that take a place. */
  readonly #running = new InHandSet<Lease>()
  readonly #leases: Leases
  readonly #twins: Twins
  readonly #bench: Bench
  readonly #judge: Judge
  readonly #stall: Stall
  #declared!: Declared
  #lanes!: Lanes
  /** Came after the stop, before the broker knew of it. */
  readonly #late = new Set<Lease>()
  #attendance: Subscription | undefined
  #mending: Promise<void> | undefined
  #mendedAt = Number.NEGATIVE_INFINITY
  #stopping: Promise<void> | undefined
  #idle = (): void => {}
  #callOff = (): void => {}
  #unlisten = (): void => {}

  constructor(party: Party, queue: string, options: ConsumeOptions, handle: Handle) {
    this.#party = party
    this.#queue = queue
    this.#options = { ...options }
    const ackWaitMs = (): number => this.#declared.ackWaitMs
    this.#leases = new Leases(party, ackWaitMs, (lease) => this.#ended(lease))
    this.#twins = new Twins(party.settings.clock)
    this.#stall = new Stall(party, queue)
    this.#bench = {
      party,
      queue,
      onError: options.onError,
      declared: () => this.#declared,
      stopping: () => this.#stopping !== undefined,
      holds: (lease) => this.#leases.has(lease),
      over: (lease) => this.#leases.end(lease),
      trouble: () => this.#mend(),
    }
    const settle = this.#settle.bind(this)
    this.#judge = new Judge(this.#bench, this.#twins, handle, settle)
  }

  async start(): Promise<void> {
    const { link, names } = this.#party
    this.#declared = await declareAny(this.#party, this.#queue, this.#options.lifetime)
    this.#lanes = new Lanes(this.#party, {
      message: (message) => this.#take(message),
      trouble: () => this.#mend(),
      ended: () => this.#refill(),
    })
    this.#attendance = link.subscribe(names.attendance(this.#queue), (message) => void message.respond())
    await link.flush().catch((error: unknown) => {
      this.#attendance?.unsubscribe()
      throw error
    })
    this.#unlisten = link.onChange((up) => (up ? this.#mend() : this.#lanes.reset()))
    this.#party.consumers.add(this)
    this.#tick()
    this.#refill()
  }

  stop(): Promise<void> {
    this.#stopping ??= this.#end()
    return this.#stopping
  }

  async #end(): Promise<void> {
    this.#unlisten()
    this.#attendance?.unsubscribe()
    await this.#lanes.drain(this.#declared)
    for (const lease of this.#late) this.#settle(lease, notYet(this.#bench, lease, 0))
    await new Promise<void>((resolve) => {
      this.#idle = resolve
      if (this.#leases.size === 0) resolve()
    })
    await this.#mending
    this.#callOff()
    this.#party.consumers.delete(this)
  }

  #mend(): void {
    if (this.#mending !== undefined || this.#stopping !== undefined) return
    this.#lanes.reset()
    const tooSoonMs = this.#mendedAt + leastMendMs - this.#party.settings.clock.now()
    this.#mendedAt = this.#party.settings.clock.now()
    const rested = tooSoonMs > 0 ? this.#party.pause(Math.min(tooSoonMs, leastMendMs)) : Promise.resolve()
    const what = `The queue ${this.#queue} could not be declared again`
    this.#mending = rested
      .then(() => persist(this.#party, what, this.#wanted, () => this.#mendOnce(), this.#tell))
      .finally(() => {
        this.#mending = undefined
        this.#refill()
      })
  }

  async #mendOnce(): Promise<boolean> {
    const { making } = this.#declared
    this.#declared = await declareAny(this.#party, this.#queue, this.#options.lifetime, this.#wanted)
    if (this.#declared.making === making) return true
    const error = deleted(this.#queue)
    this.#leases.revokeAll(error)
    this.#twins.forget()
    this.#tell(error)
    return true
  }

  #refill(): void {
    if (this.#stopping !== undefined || this.#mending !== undefined || !this.#party.link.up) return
    const { concurrency } = this.#options
    if (this.#leases.size - this.#running.size >= mostAcksUnderWay) return
    const { owed } = this.#lanes
    const free = concurrency - this.#running.size - owed
    if (free > 0 && (owed === 0 || free >= concurrency / 8)) this.#lanes.pull(this.#declared, free)
  }

  #take(message: Msg): void {
    const { clock } = this.#party.settings
    const lease = leaseOf(message, this.#declared.consumerMadeMs, clock.now())
    if (lease === undefined || !this.#leases.add(lease)) return
    const waitMs = lease.due - clock.now()
    if (this.#stopping !== undefined) this.#late.add(lease)
    else if (this.#running.size >= this.#options.concurrency) this.#settle(lease, notYet(this.#bench, lease, 0))
    else if (waitMs > 0) this.#settle(lease, notYet(this.#bench, lease, waitMs))
    else {
      this.#running.add(lease)
      this.#judge.take(lease)
    }
  }

  #settle(lease: Lease, outcome?: Promise<void>): void {
    if (outcome === undefined) this.#running.delete(lease)
    else void outcome.catch(this.#tell).then(() => this.#leases.end(lease))
    this.#refill()
  }

  #ended(lease: Lease): void {
    lease.turn?.end()
    this.#running.delete(lease)
    if (this.#leases.size === 0) this.#idle()
    this.#refill()
  }

  #tick(): void {
    this.#callOff = this.#party.settings.clock.after(this.#leases.tickMs, () => {
      this.#leases.renew()
      if (this.#stopping === undefined && this.#mending === undefined && this.#party.link.up) this.#watch()
      this.#tick()
    })
  }

  #watch(): void {
    this.#lanes.check()
    if (this.#lanes.quietMs < longQuietMs) return
    this.#stall.look(this.#declared).then((gone) => gone && this.#mend(), this.#tell)
  }

  readonly #wanted = (): boolean => this.#stopping === undefined

  readonly #tell = (error: unknown): void => this.#party.tell(this.#options.onError, error)
}
