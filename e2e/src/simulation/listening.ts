import { createListener } from 'recordcast'
import { eventType, type Life, type Release, type Subscription, typeName } from './model.js'
import type { Handling, ListenerProcess, QueueSpec } from './parties.js'
import { hash } from './random.js'
import type { Process, World } from './world.js'

export const retryDelaysMs: readonly number[] = [100, 800, 3000]
export const handlerTimeoutMs = 1500
export const dedupTtlMs = 600_000

/** Starts another instance of a listener. Resolves when its start has come to an end. */
export async function startListener(world: World, spec: QueueSpec, release: Release): Promise<ListenerProcess> {
  const process = world.spawn(spec.label, {
    announce(board, key, fact) {
      if (board === 'listeners' && fact !== null) mine.add(key)
      if (board !== 'listeners' || fact !== null || mine.has(key) || spec.busy) return
      world.count('old fact withdrawn after its last instance went')
      world.note(`${process.id} withdraws ${key}`)
    },
    delivered(_queue, message) {
      const came = `${life.queue.label}/${message.id.split('#r')[0]}`
      if (world.came.has(came)) world.disturbed.add(came)
      world.came.add(came)
    },
  })
  const mine = new Set<string>()
  const life = lifeOf(spec, process)
  life.releases.add(release)
  const listener = createListener({
    service: spec.service,
    broker: process.broker,
    ...(spec.listener !== undefined && { name: spec.listener }),
    delivery: spec.delivery,
    concurrency: spec.concurrency,
    missing: spec.missing,
    retry: { delaysMs: retryDelaysMs },
    timeoutMs: handlerTimeoutMs,
    stopTimeoutMs: 1000,
    dedup: { ttlMs: dedupTtlMs },
  })
  const party: ListenerProcess = { process, spec, release, life, listener, state: 'starting' }
  for (const subscription of release.subscriptions) subscribe(world, party, subscription)
  process.onKilled = () => {
    if (party.state === 'starting') world.count('crash in the middle of start')
    if (spec.delivery === 'each') life.ended = true
    for (const handling of world.handlings) {
      if (handling.by === party && handling.outcome === 'running') handling.outcome = 'killed'
    }
    countStats(world, party)
  }
  world.listeners.push(party)
  world.note(`${process.id} starts with ${release.name}`)
  const { wipes } = world
  try {
    const answers = await listener.start()
    party.state = 'up'
    life.stands = wipes === world.wipes
    for (const { instance } of answers.filter(({ answered }) => answered && life.stands)) {
      const source = world.sources.find((each) => each.instance === instance)
      if (source !== undefined && !life.takenIn.has(source.process.id)) {
        life.takenIn.set(source.process.id, world.emits.length)
      }
    }
    const said = answers.map(({ service, answered }) => `${service} ${answered ? 'answered' : 'is mute'}`)
    world.note(`${process.id} has started: ${said.join(', ') || 'no source'}`)
  } catch (error) {
    party.state = 'failed'
    if (spec.delivery === 'each') life.ended = true
    const refused = (error as { readonly code?: string }).code === 'subscription-refused'
    world.count(refused ? 'refusal' : 'start failed')
    if (refused && !release.subscriptions.some(({ wrong }) => wrong))
      world.violate(`${process.id} was refused: ${error}`)
    world.note(`${process.id} could not start: ${error}`)
    await process.transport.close()
  }
  return party
}

function lifeOf(spec: QueueSpec, process: Process): Life {
  const fresh = (queue: Life['queue']): Life => ({
    queue,
    ended: false,
    releases: new Set(),
    takenIn: new Map(),
    dropped: 0,
    stands: false,
  })
  if (spec.delivery === 'each') return fresh({ name: undefined, label: process.id })
  if (spec.life === undefined || spec.life.ended) spec.life = fresh(spec)
  return spec.life
}

export async function stopListener(world: World, party: ListenerProcess): Promise<void> {
  party.state = 'stopping'
  if (party.spec.delivery === 'each') party.life.ended = true
  world.note(`${party.process.id} stops`)
  await party.listener.stop()
  countStats(world, party)
  await party.process.transport.close()
  party.state = 'down'
  world.note(`${party.process.id} has stopped`)
}

export function countStats(world: World, { listener }: ListenerProcess): void {
  const { completed, duplicates } = listener.stats()
  world.count('attribute completed later', completed)
  world.count('duplicate suppressed', duplicates)
}

function subscribe(world: World, party: ListenerProcess, subscription: Subscription): void {
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
