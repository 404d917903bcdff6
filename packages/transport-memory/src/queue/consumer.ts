import type { Running, Verdict } from '@recordcast/transport'
import { isPromise } from '@recordcast/transport/consume'
import { type ConsumeOptions, checkVerdict, type Handle } from '@recordcast/transport/driver'
import { InHandSet } from '@recordcast/transport/in-hand'
import type { Ground } from '../ground.js'
import { never, type Party } from '../party.js'
import { Lease } from './lease.js'
import type { Entry, Queue } from './queue.js'
import { carryOut, putBack } from './settle.js'

/*
One `consume`. It is attached to its queue while it takes entries; each entry it takes is a lease, and a lease ends in one
of four ways: its verdict is heard, it threw, it is revoked because the link broke or the party died (the entry goes
back), or the queue was deleted (the entry goes with it). After the end nothing that the handler says is heard.
*/
export class Consumer implements Running {
  readonly party: Party
  readonly options: ConsumeOptions
  readonly #ground: Ground
  readonly #handle: Handle
  readonly #leases = new InHandSet<Lease>()
  #queue: Queue
  #stopping: Promise<void> | undefined
  #idle = (): void => {}

  constructor(ground: Ground, party: Party, queue: Queue, options: ConsumeOptions, handle: Handle) {
    this.#ground = ground
    this.party = party
    this.options = options
    this.#handle = handle
    this.#queue = queue
    party.consumers.add(this)
    queue.attach(this)
  }

  get queue(): Queue {
    return this.#queue
  }

  get free(): boolean {
    return this.#leases.size < this.options.concurrency
  }

  take(entry: Entry): void {
    const { message } = entry
    if (!entry.redelivered && this.#ground.faults.delivery?.(this.#queue.name, message) === 'duplicate')
      this.#queue.put({ ...entry, redelivered: true })
    const lease = new Lease(this.#queue, entry)
    this.#leases.add(lease)
    this.#ground.crash(this.party, 'deliver', 'before', this.#queue.name)
    if (lease.over) return
    let said: Verdict | Promise<Verdict>
    try {
      said = this.#handle(lease.delivery)
    } catch (thrown) {
      said = Promise.reject(thrown)
    }
    this.#ground.crash(this.party, 'deliver', 'after', this.#queue.name)
    if (!isPromise(said)) this.#hear(lease, said)
    else
      said.then(
        (verdict) => this.#hear(lease, verdict),
        (thrown) => this.#threw(lease, thrown),
      )
  }

  stop(): Promise<void> {
    this.#stopping ??= new Promise((resolve) => {
      this.#ground.crash(this.party, 'stop', 'before', this.#queue.name)
      this.#queue.detach(this)
      this.#idle = () => {
        if (this.#leases.size > 0) return
        this.party.consumers.delete(this)
        this.#ground.crash(this.party, 'stop', 'after', this.#queue.name)
        if (this.party.state !== 'killed') resolve()
      }
      this.#idle()
    })
    return this.#stopping
  }

  /** The link is gone: what has no verdict goes back where it was, to be delivered again. */
  revoke(): void {
    const revoked = [...this.#leases].reverse()
    this.#leases.clear()
    for (const lease of revoked) {
      lease.revoke()
      lease.queue.put(unanswered(lease.entry), 'head')
    }
    this.#idle()
  }

  /** Its party is dead. */
  vanish(): void {
    this.#stopping ??= never()
    this.#queue.detach(this)
    this.revoke()
  }

  /** The queue is gone with all that was in it. */
  orphaned(): void {
    const revoked = [...this.#leases]
    this.#leases.clear()
    for (const lease of revoked) lease.revoke()
    this.#idle()
  }

  /** Goes on at its queue, made again. */
  moveTo(queue: Queue): void {
    this.#queue = queue
    queue.attach(this)
  }

  get stopped(): boolean {
    return this.#stopping !== undefined
  }

  #hear(lease: Lease, given: unknown): void {
    if (lease.over) return
    let verdict: Verdict
    try {
      verdict = checkVerdict(given)
    } catch (error) {
      this.#threw(lease, error)
      return
    }
    const { name } = lease.queue
    this.#ground.crash(this.party, 'verdict', 'before', name)
    if (lease.over) return
    const lost = this.#ground.faults.verdict?.(name, lease.entry.message, verdict) === 'lost'
    this.#end(lease)
    // It was given, so that nobody died of the message: not counted as unanswered.
    if (lost) lease.queue.put({ ...lease.entry, redelivered: true }, 'head')
    else carryOut(this.#ground, this, lease, verdict)
    this.#ground.crash(this.party, 'verdict', 'after', name)
  }

  #threw(lease: Lease, thrown: unknown): void {
    if (lease.over) return
    this.#end(lease)
    putBack(lease, { counted: true })
    this.party.tell(this.options.onError, thrown)
  }

  #end(lease: Lease): void {
    this.#leases.delete(lease)
    lease.settle()
    if (this.#leases.size === 0) this.#idle()
  }
}

function unanswered(entry: Entry): Entry {
  return { ...entry, redelivered: true, unanswered: (entry.unanswered ?? 0) + 1 }
}
