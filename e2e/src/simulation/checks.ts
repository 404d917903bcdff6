import { checkHandlings } from './check-handlings.js'
import { checkOrder } from './check-order.js'
import { type Emit, eventKey, lookFor, mustReceive } from './model.js'
import type { Handling } from './parties.js'
import { standingLives } from './sources.js'
import type { World } from './world.js'

/** Looks back at everything that happened; `parked` holds `queue/event` of what lies on the shelves. */
export function checkAll(world: World, parked: ReadonlySet<string>): void {
  const events = new Map<string, Emit[]>()
  for (const emit of world.emits) events.set(eventKey(emit), [...(events.get(eventKey(emit)) ?? []), emit])
  checkNothingLost(world, events, parked)
  checkHandlings(world, events)
  checkOrder(world, events)
}

function checkNothingLost(
  world: World,
  events: ReadonlyMap<string, readonly Emit[]>,
  parked: ReadonlySet<string>,
): void {
  const handled = new Map<string, Handling[]>()
  for (const handling of world.handlings) {
    const key = `${handling.by.life.queue.label}/${handling.event}`
    if (handling.outcome === 'ok') handled.set(key, [...(handled.get(key) ?? []), handling])
  }
  const lives = standingLives(world)
  for (const [event, emits] of events) {
    const look = lookFor(emits, world.store, world.clock.now(), true)
    for (const emit of emits) {
      checkGone(world, emit)
      for (const life of lives) {
        if (!mustReceive(life, emit, look)) continue
        world.count('event that must be received')
        const key = `${life.queue.label}/${event}`
        if (handled.has(key) || parked.has(key)) continue
        world.violate(
          `lost: ${event}, emitted by ${emit.process} at ${emit.calledAt}, never reached ${life.queue.label}`,
        )
      }
    }
  }
}

function checkGone(world: World, { id, gone, process }: Emit): void {
  for (const queue of gone) {
    const spec = world.queues.find(({ name, delivery }) => name === queue && delivery === 'shared')
    const life = spec?.life
    if (life === undefined || life.ended || !life.stands || life.dropped >= 0) continue
    const since = life.takenIn.get(process)
    const emit = world.emits.find((each) => each.id === id && each.process === process)
    if (since !== undefined && emit !== undefined && since <= emit.number) {
      world.violate(`${process} reported ${queue} gone for ${id}, but it was never unsubscribed`)
    }
  }
}
