import { type Clock, type Transport, TransportError } from '@recordcast/transport'
import type { CrashPoint, Faults } from './faults.js'
import type { Party } from './party.js'
import type { Consumer } from './queue/consumer.js'
import type { Entry, Queue } from './queue/queue.js'
import { Space } from './space.js'
import type { Turns } from './turns.js'

export interface Limits {
  /** Default 16 MiB, as RabbitMQ 4. */
  readonly maxBodyBytes: number
  /** Messages a queue holds, delivered ones included; beyond it publish reports queue-full. Default 1,000,000. */
  readonly maxQueueLength: number
  /** Copies of one transport on their way to the bus; beyond it publish reports buffer-full. Default 100,000. */
  readonly maxUnconfirmed: number
}

/** What the rooms of one bus share: time, chance, limits, faults, the namespaces and who is there. */
export class Ground {
  readonly clock: Clock
  readonly random: () => number
  readonly limits: Limits
  readonly turns: Turns
  readonly faults: Faults
  readonly spaces = new Map<string, Space>()
  readonly parties = new Map<Transport, Party>()
  /** Counts the times that all links broke: a call begun in an earlier one is lost. */
  epoch = 0
  /** Called when the last party has left. */
  deserted = (): void => {}
  readonly #timers = new Set<() => void>()

  constructor(clock: Clock, random: () => number, limits: Limits, turns: Turns, faults: Faults) {
    this.clock = clock
    this.random = random
    this.limits = limits
    this.turns = turns
    this.faults = faults
  }

  space(namespace: string): Space {
    const there = this.spaces.get(namespace)
    if (there !== undefined) return there
    const space = new Space(this)
    this.spaces.set(namespace, space)
    return space
  }

  crash(party: Party, verb: CrashPoint['verb'], when: CrashPoint['when'], name: string): void {
    if (this.faults.crashPoint === undefined || party.state === 'killed') return
    this.faults.crashPoint({ transport: party.transport, verb, when, name })
  }

  /** Puts a new entry into a queue. Returns why it could not, or why that cannot be confirmed; tells `late` of a confirm that lags. */
  store(queue: Queue, entry: Entry, late?: (byMs: number) => void): TransportError | undefined {
    const { message } = entry
    if (queue.length >= this.limits.maxQueueLength)
      return new TransportError('queue-full', `The queue ${queue.name} holds ${queue.length} messages, its limit.`)
    const fate = this.faults.publish?.(queue.name, message)
    if (fate !== 'refuse') queue.put(entry)
    if (typeof fate === 'object') late?.(fate.confirmAfterMs)
    if (fate === undefined || typeof fate === 'object') return undefined
    return new TransportError('not-confirmed', `The bus did not confirm message ${message.id} for ${queue.name}.`)
  }

  /** Runs after a wait that ends with the last party. */
  later(afterMs: number, run: () => void): void {
    const callOff = this.clock.after(afterMs, () => {
      this.#timers.delete(callOff)
      run()
    })
    this.#timers.add(callOff)
  }

  /** A queue was deleted: what is out is void, and whoever still consumes it makes it again. */
  orphan(queue: Queue): void {
    queue.end()
    const consumers: Consumer[] = []
    for (const party of this.parties.values())
      for (const consumer of party.consumers) if (consumer.queue === queue) consumers.push(consumer)
    for (const consumer of consumers) consumer.orphaned()
    if (consumers.length > 0) this.turns.soon(() => consumers.forEach(makeAgain))
  }

  leave(party: Party): void {
    this.parties.delete(party.transport)
    if (this.parties.size > 0) return
    for (const callOff of this.#timers) callOff()
    this.#timers.clear()
    this.deserted()
  }
}

function makeAgain(consumer: Consumer): void {
  const { party, options, queue } = consumer
  if (consumer.stopped || party.state !== 'open') return
  const tell = (error: unknown): void => party.tell(options.onError, error)
  try {
    consumer.moveTo(party.space.declare(queue.name, options.lifetime ?? 'durable', party))
  } catch (error) {
    tell(error)
    return
  }
  tell(new TransportError('queue-deleted', `The queue ${queue.name} was deleted; its consumer has made it again.`))
}
