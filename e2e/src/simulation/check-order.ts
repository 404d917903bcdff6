import { temperOf } from './handling.js'
import type { Emit } from './model.js'
import type { Handling } from './parties.js'
import type { World } from './world.js'

/*
Events of one record are never handled at the same time by one instance; and of one source they are handled in the order in which it emitted them, the second after the
first had resolved, if one instance handled both and nothing made either of them come again.
*/
export function checkOrder(world: World, events: ReadonlyMap<string, readonly Emit[]>): void {
  const lanes = new Map<string, Handling[]>()
  for (const handling of world.handlings) {
    const { by, type, tenant, record } = handling
    const key = JSON.stringify([by.process.id, type.split('.')[0], tenant ?? null, record])
    lanes.set(key, [...(lanes.get(key) ?? []), handling])
  }
  for (const lane of lanes.values()) {
    for (const [index, later] of lane.entries()) {
      for (const earlier of lane.slice(0, index)) {
        checkApart(world, earlier, later)
        checkPair(world, earlier, later, events)
      }
    }
  }
}

function checkApart(world: World, earlier: Handling, later: Handling): void {
  if (earlier.outcome === 'killed' || earlier.outcome === 'aborted') return
  if ((earlier.endedAt ?? Number.POSITIVE_INFINITY) <= later.startedAt) return
  world.violate(`${later.by.process.id} began ${later.event} while it handled ${earlier.event} of the same record`)
}

function checkPair(
  world: World,
  first: Handling,
  second: Handling,
  events: ReadonlyMap<string, readonly Emit[]>,
): void {
  const once = (handling: Handling): Emit | undefined => {
    const emits = events.get(handling.event) ?? []
    const [emit] = emits
    const calm = !world.disturbed.has(`${handling.by.life.queue.label}/${emit?.id}`)
    return emits.length === 1 && calm && temperOf(handling) === 'well' && handling.attempt === 1 ? emit : undefined
  }
  const [one, other] = [once(first), once(second)]
  if (one === undefined || other === undefined || one === other || one.process !== other.process) return
  world.count('event whose order was checked')
  if (other.settledAt !== undefined && other.settledAt < one.calledAt) {
    world.violate(`${first.by.process.id} handled ${first.event} before ${second.event}, which was emitted before it`)
  }
}
