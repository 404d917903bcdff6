import { eventType, type Subscription, typeName } from './model.js'
import type { Handling, ListenerProcess } from './parties.js'
import { hash } from './random.js'
import type { World } from './world.js'

/** Gives a listener its handler of one event type: it notes what it is given, and fares as the event's temper has it. */
export function subscribe(world: World, party: ListenerProcess, subscription: Subscription): void {
  const { wishes, filter, when, tenants, wrong } = subscription
  const attributes = wishes.map(({ expression }) => expression)
  const options = {
    attributes: wrong ? [...attributes, 'titel'] : attributes,
    ...(filter !== undefined && { where: filter.pattern }),
    ...(when && { when: 'selected-changed' as const }),
    tenants,
  }
  party.listener.on(eventType(subscription), options, async (event, { signal, attempt }) => {
    if (party.process.dead) return new Promise<never>(() => undefined)
    const { id, source, record, tenant, data, missing } = event
    const handling: Handling = {
      by: party,
      subscription,
      event: `${source}/${id}`,
      type: event.type,
      record,
      tenant,
      attempt,
      data: world.sabotage.handlerData?.(data) ?? data,
      missing: missing.map(({ path }) => path),
      startedAt: world.clock.now(),
      endedAt: undefined,
      outcome: 'running',
    }
    if (event.type !== typeName(subscription))
      world.violate(`${party.process.id} got ${event.type} for ${typeName(subscription)}`)
    world.handlings.push(handling)
    await act(world, handling, signal)
  })
}

/** How a handler takes an event: the same event fares the same in the same queue, whatever else happens. */
export function temperOf({ by, event }: Pick<Handling, 'by' | 'event'>): 'well' | 'fails' | 'always fails' | 'hangs' {
  const [temper] = [hash(`${by.life.queue.label}/${event}`) % 16]
  if (temper === 0) return 'always fails'
  if (temper <= 2) return 'fails'
  return temper === 3 ? 'hangs' : 'well'
}

/** Of the events that always fail, half can be handled once somebody has mended the handler. */
export const canBeMended = ({ by, event }: Pick<Handling, 'by' | 'event'>): boolean =>
  hash(`${event}/${by.life.queue.label}`) % 2 === 0

async function act(world: World, handling: Handling, signal: AbortSignal): Promise<void> {
  const { by, event } = handling
  const { process } = by
  const temper = temperOf(handling)
  const earlier = world.handlings.filter((each) => each.by.life === by.life && each.event === event).length - 1
  const end = (outcome: Handling['outcome']): void => {
    handling.endedAt = world.clock.now()
    handling.outcome = outcome
    world.note(`${process.id} handled ${event} attempt ${handling.attempt}: ${handling.outcome}`)
  }
  if (temper === 'hangs' && earlier === 0) {
    if (!signal.aborted) await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()))
    end('aborted')
    throw new Error(`${event} was waited for no longer`)
  }
  if (!process.dice.chance(0.3)) await process.clock.sleep(process.dice.upTo(150))
  const fails = temper === 'fails' ? earlier < 1 + (hash(event) % 2) : temper === 'always fails'
  if (!fails || (world.mended && canBeMended(handling))) {
    world.count('handled')
    return end('ok')
  }
  end('failed')
  world.count('handler failed')
  throw new Error(`no luck with ${event}`)
}
