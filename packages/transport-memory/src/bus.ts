import { type Clock, systemClock, type Transport } from '@recordcast/transport'
import type { Faults } from './faults.js'
import { Ground, type Limits } from './ground.js'
import { createTurns } from './turns.js'

export interface MemoryBusOptions {
  /** All waiting goes through it. Default systemClock. */
  readonly clock?: Clock
  /** A number from 0 to below 1: who of several consumers or responders is next, how long 'reorder' holds. Default Math.random. */
  readonly random?: () => number
  readonly limits?: Partial<Limits>
  readonly faults?: Faults
}

/**
 * The broker of the embedded driver: what many transports in one process have in common. It lives as long as somebody
 * holds it, and what is in it dies with the process.
 *
 * With a deterministic clock, randomness and hooks a run is deterministic: the bus waits and chooses nowhere else.
 */
export interface MemoryBus {
  /** Hooks to disturb it; set and unset them at any time. */
  readonly faults: Faults
  /**
   * The party vanishes as if its process had died, now, between any two of its awaits. What it awaits from its
   * transport never settles, nor does anything it calls from now on, except `close`, which resolves. Its
   * messages without a verdict are delivered to others (`redelivered`, uncounted), their signals are aborted, late
   * verdicts are ignored. Its 'instance' queues, responders and watchers are gone. Another bus's transport: no effect.
   */
  kill(transport: Transport): void
  /**
   * All links drop and come back, as when a broker restarts with its store intact. Calls on their way fail with
   * connection-lost, and were not carried out unless only their confirm was late. Messages without a verdict are
   * delivered again; consumers and responders stand again; watchers see every standing fact again.
   */
  restart(): void
}

export function createMemoryBus(options: MemoryBusOptions = {}): MemoryBus {
  return new Bus(options)
}

class Bus implements MemoryBus {
  readonly ground: Ground

  constructor({ clock = systemClock, random = Math.random, limits, faults = {} }: MemoryBusOptions) {
    const full: Limits = {
      maxBodyBytes: limits?.maxBodyBytes ?? 16 * 1024 * 1024,
      maxQueueLength: limits?.maxQueueLength ?? 1_000_000,
      maxUnconfirmed: limits?.maxUnconfirmed ?? 100_000,
    }
    this.ground = new Ground(clock, random, full, createTurns(clock), { ...faults })
  }

  get faults(): Faults {
    return this.ground.faults
  }

  kill(transport: Transport): void {
    const party = this.ground.parties.get(transport)
    if (party === undefined) return
    party.state = 'killed'
    for (const queue of [...party.instances]) party.space.drop(queue.name)
    for (const consumer of [...party.consumers]) consumer.vanish()
    for (const watcher of [...party.watchers]) watcher.end()
    for (const responder of party.responders) responder.leave()
    for (const question of [...party.questions]) question.forget()
    this.ground.leave(party)
  }

  restart(): void {
    this.ground.epoch++
    for (const party of [...this.ground.parties.values()]) {
      for (const question of [...party.questions])
        question.fail('connection-lost', 'The link broke before the answer came.')
      for (const consumer of [...party.consumers]) consumer.revoke()
      for (const watcher of party.watchers) watcher.list()
    }
  }
}

/** The inside of a bus, for the transports that join it. */
export function groundOf(bus: MemoryBus): Ground {
  if (!(bus instanceof Bus)) throw new TypeError('bus must come from createMemoryBus or memoryBusNamed.')
  return bus.ground
}
