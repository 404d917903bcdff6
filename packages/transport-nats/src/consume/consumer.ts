import type { Msg, Subscription } from '@nats-io/transport-node'
import { type Running, TransportError, type Verdict } from '@recordcast/transport'
import { type ConsumeOptions, checkVerdict, type Handle } from '@recordcast/transport/driver'
import { unconfirmed } from '../link/errors.js'
import { isShelf } from '../names.js'
import type { Party } from '../party.js'
import { type Declared, declare, declareShelf } from '../queue/declare.js'
import type { Again } from '../queue/stream.js'
import { Lanes } from './lanes.js'
import { type Lease, leaseOf, placeOf } from './lease.js'
import { type Bench, carryOut, notYet, threw } from './settle.js'

const longestTickMs = 2500
const leastMendMs = 250
const longestMendMs = 5000
const mostAcksUnderWay = 1000

/*
One `consume`. It is sound while its stream, consumer and lanes are known to stand; whatever casts doubt on that (a
status, silence, a verdict that nobody hears, a broken link) mends it: the lanes are forgotten, queue and consumer are declared
again, and it goes on. A delivery is a lease from its arrival until the broker has heard its verdict, and the broker is told
every third of the ack wait that it is in our hands. A short break of the link does not end a lease, for the broker
keeps it as long as the ack wait; one that it cannot have heard of for that long is aborted and its verdict ignored.
*/
export class Consumer implements Running {
  readonly #party: Party
  readonly #queue: string
  readonly #options: ConsumeOptions
  readonly #handle: Handle
  /** Leases without a verdict, or with one that the broker has still to get a copy for: these take the places. */
  readonly #running = new Set<Lease>()
  /** All leases that the broker has not let go. */
  readonly #leases = new Set<Lease>()
  readonly #bench: Bench
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
    this.#handle = handle
    const declared = (): Declared => this.#declared
    this.#bench = {
      party,
      queue,
      onError: options.onError,
      get declared() {
        return declared()
      },
      holds: (lease) => this.#leases.has(lease),
      trouble: () => this.#mend(),
    }
  }

  async start(): Promise<void> {
    const { link, names } = this.#party
    this.#declared = await this.#declare()
    this.#lanes = new Lanes(this.#party, {
      message: (message) => this.#take(message),
      trouble: () => this.#mend(),
      ended: () => this.#refill(),
    })
    this.#attendance = link.subscribe(names.attendance(this.#queue), (message) => void message.respond())
    await link.flush()
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

  #declare(again?: Again): Promise<Declared> {
    return isShelf(this.#queue)
      ? declareShelf(this.#party, this.#queue, again)
      : declare(this.#party, this.#queue, this.#options.lifetime ?? 'durable', again)
  }

  #mend(): void {
    if (this.#mending !== undefined || this.#stopping !== undefined) return
    this.#lanes.reset()
    const tooSoonMs = this.#mendedAt + leastMendMs - this.#party.settings.clock.now()
    this.#mendedAt = this.#party.settings.clock.now()
    const rested = tooSoonMs > 0 ? this.#party.pause(Math.min(tooSoonMs, leastMendMs)) : Promise.resolve()
    this.#mending = rested
      .then(() => this.#mendUntilSound())
      .finally(() => {
        this.#mending = undefined
        this.#refill()
      })
  }

  async #mendUntilSound(): Promise<void> {
    let told = ''
    for (let pauseMs = 50; this.#stopping === undefined; pauseMs = Math.min(longestMendMs, pauseMs * 2)) {
      // A link that comes back mends again.
      if (!this.#party.link.up) return
      try {
        const { making } = this.#declared
        this.#declared = await this.#declare(() => this.#stopping === undefined)
        if (this.#declared.making !== making) this.#orphaned()
        return
      } catch (error) {
        if (this.#stopping !== undefined) return
        const { code, message } = unconfirmed(
          error,
          `The queue ${this.#queue} could not be declared again`,
          this.#party.settings.scrub,
        )
        if (message !== told && code !== 'connection-lost') this.#tell(code, message)
        told = message
        await this.#party.pause(pauseMs * (0.5 + Math.random()))
      }
    }
  }

  /** The queue is gone with all that was in it: nobody hears a verdict on that. */
  #orphaned(): void {
    const sentence = `The queue ${this.#queue} was deleted underneath its consumer and has been made again, empty.`
    const error = new TransportError('queue-deleted', sentence)
    for (const lease of [...this.#leases]) this.#revoke(lease, error)
    this.#party.tell(this.#options.onError, error)
  }

  #revoke(lease: Lease, why: TransportError): void {
    lease.abort.abort(why)
    this.#forget(lease)
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
    const place = placeOf(message.reply)
    if (place === undefined) return
    const lease = leaseOf(message, place, this.#declared.consumerMadeMs, clock.now())
    this.#leases.add(lease)
    const waitMs = lease.due - clock.now()
    if (this.#stopping !== undefined) this.#late.add(lease)
    else if (this.#running.size >= this.#options.concurrency) this.#settle(lease, notYet(this.#bench, lease, 0))
    else if (waitMs > 0) this.#settle(lease, notYet(this.#bench, lease, waitMs))
    else {
      this.#running.add(lease)
      void this.#run(lease)
    }
  }

  async #run(lease: Lease): Promise<void> {
    let verdict: Verdict
    try {
      verdict = checkVerdict(await this.#handle(lease.delivery))
    } catch (error) {
      if (!this.#leases.has(lease)) return
      this.#party.tell(this.#options.onError, error)
      this.#settle(lease, threw(this.#bench, lease))
      return
    }
    if (!this.#leases.has(lease)) return
    const outcome = carryOut(this.#bench, lease, verdict)
    if (verdict.do === 'ack') this.#running.delete(lease)
    this.#settle(lease, outcome)
  }

  #settle(lease: Lease, outcome: Promise<void>): void {
    void outcome
      .catch((error: unknown) => this.#party.tell(this.#options.onError, error))
      .then(() => this.#forget(lease))
    this.#refill()
  }

  #forget(lease: Lease): void {
    this.#leases.delete(lease)
    this.#running.delete(lease)
    if (this.#leases.size === 0) this.#idle()
    this.#refill()
  }

  #tick(): void {
    const { clock } = this.#party.settings
    const { ackWaitMs } = this.#declared
    this.#callOff = clock.after(Math.min(longestTickMs, ackWaitMs / 3), () => {
      this.#renew(clock.now(), ackWaitMs)
      if (this.#stopping === undefined && this.#mending === undefined && this.#party.link.up) this.#lanes.check()
      this.#tick()
    })
  }

  #renew(now: number, ackWaitMs: number): void {
    for (const lease of [...this.#leases]) {
      const silentMs = now - lease.heardAt
      if (this.#party.link.up) {
        if (silentMs < ackWaitMs / 4) continue
        this.#party.link.send(lease.place.reply, '+WPI')
        lease.heardAt = now
      } else if (silentMs >= ackWaitMs) {
        const sentence = 'The broker has not heard of this delivery for too long; it is delivered again.'
        this.#revoke(lease, new TransportError('connection-lost', sentence))
      }
    }
  }

  #tell(code: TransportError['code'], sentence: string): void {
    this.#party.tell(this.#options.onError, new TransportError(code, sentence))
  }
}
