import { mayBeParked } from './check-handlings.js'
import { canBeMended } from './handling.js'
import type { World } from './world.js'

/** What lies on the shelves of all queues, as `queue/event`; whatever has no business there is a violation. */
export async function unshelved(world: World, { final }: { readonly final: boolean }): Promise<ReadonlySet<string>> {
  const parked = new Set<string>()
  for (const spec of world.queues) {
    const report = await world.admin.transport.inspect(spec.name, { peekParked: 1000 })
    for (const { message, why } of report?.peeked ?? []) {
      const { id, source } = JSON.parse(new TextDecoder().decode(message.body))
      const event = `${source}/${id}`
      parked.add(`${spec.label}/${event}`)
      const by = world.listeners.find((each) => each.spec === spec)
      if (by === undefined || !mayBeParked(world, { by, event })) {
        world.violate(`${event} is parked in ${spec.label} without need: ${why}`)
      } else if (final && world.mended && canBeMended({ by, event }) && !world.lacked.has(`${spec.label}/${id}`)) {
        world.violate(`${event} was replayed to ${spec.label}, whose handler takes it now, and is parked again: ${why}`)
      }
    }
  }
  return parked
}
