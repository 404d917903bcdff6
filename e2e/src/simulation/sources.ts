import { createSource } from 'recordcast'
import { slotOf } from './model.js'
import { alive, type SourceProcess } from './parties.js'
import type { Service, Tenant } from './records.js'
import { links, loaderTimeoutMs, owner, type RecordName, records } from './records.js'
import type { Process, World } from './world.js'

/** Starts another instance of a service. Resolves when its start has come to an end. */
export async function startSource(world: World, service: Service): Promise<void> {
  const process = world.spawn(service, {
    announce(board, _key, fact) {
      if (board === 'sources' && fact !== null)
        party.instance = JSON.parse(new TextDecoder().decode(fact.body)).instance
    },
  })
  const fresh = new Map<string, number>()
  const names = (Object.keys(records) as RecordName[]).filter((name) => owner[name] === service)
  const source = createSource({
    service,
    broker: process.broker,
    timeoutMs: 4000,
    records: names.map((name) => ({
      type: records[name],
      load: loader(world, process, name),
      links: Object.fromEntries(
        Object.entries(links[name]).map(([link, { key, to, typed, ttlMs }]) => [
          link,
          {
            key: (facts: Readonly<Record<string, unknown>>) => facts[key],
            load: loader(world, process, to, ttlMs > 0 && typed ? { fresh, ttlMs } : undefined),
            timeoutMs: loaderTimeoutMs,
            ...(typed && { type: records[to] }),
            ...(ttlMs > 0 && { cache: { max: 50, ttlMs } }),
          },
        ]),
      ),
    })),
  })
  const party: SourceProcess = {
    process,
    service,
    source,
    state: 'starting',
    instance: undefined,
    pending: new Set(),
    fresh,
  }
  process.onKilled = () => {
    if (party.state === 'starting') world.count('crash in the middle of start')
    if (party.pending.size > 0) world.count('crash in the middle of emit')
    for (const emit of party.pending) emit.outcome = 'killed'
    countStats(world, party)
  }
  if (world.sources.some((other) => other.service === service)) {
    const away = world.queues.some(
      ({ life }) => life?.stands && !life.ended && !world.listeners.some((each) => each.life === life && alive(each)),
    )
    if (away) world.count('listener offline while source restarted')
  }
  world.sources.push(party)
  world.note(`${process.id} starts`)
  await begin(world, party)
}

async function begin(world: World, party: SourceProcess): Promise<void> {
  const { process, source } = party
  const standing = standingLives(world)
  const { wipes } = world
  try {
    await source.start()
    party.state = 'up'
    for (const life of wipes === world.wipes ? standing : [])
      if (!life.takenIn.has(process.id)) life.takenIn.set(process.id, world.emits.length)
    world.note(`${process.id} has started`)
  } catch (error) {
    party.state = 'failed'
    world.count('start failed')
    world.note(`${process.id} could not start: ${error}`)
    await process.transport.close()
  }
}

/** Stops a source and starts the same object again a little later: it comes back as another instance. */
export async function restartSource(world: World, party: SourceProcess): Promise<void> {
  const { process, source } = party
  party.state = 'stopping'
  world.note(`${process.id} pauses`)
  await source.stop()
  for (const life of [...world.queues, ...world.listeners].map((each) => each.life)) life?.takenIn.delete(process.id)
  await process.clock.sleep(process.dice.upTo(800))
  world.count('restarted as the same object')
  world.note(`${process.id} starts again`)
  party.state = 'starting'
  await begin(world, party)
}

export async function stopSource(world: World, party: SourceProcess): Promise<void> {
  party.state = 'stopping'
  world.note(`${party.process.id} stops`)
  await party.source.stop()
  countStats(world, party)
  await party.process.transport.close()
  party.state = 'down'
  world.note(`${party.process.id} has stopped`)
}

/** Lives of which a fact stands now, of durable and of `each` queues. */
export function standingLives(world: World) {
  return [...new Set([...world.queues.map(({ life }) => life), ...world.listeners.map(({ life }) => life)])].flatMap(
    (life) => (life?.stands && !life.ended ? [life] : []),
  )
}

function countStats(world: World, { source }: SourceProcess): void {
  const { publishRetries, listeners } = source.stats()
  world.count('publish retried', publishRetries)
  for (const { suppressed } of listeners) {
    world.count('suppressed by filter', suppressed.filter)
    world.count('suppressed by tenant', suppressed.tenant)
    world.count('suppressed as unchanged', suppressed.unchanged)
  }
}

interface Cached {
  readonly fresh: ReadonlyMap<string, number>
  readonly ttlMs: number
}

/** Reads from the store after a while, or fails in one of the ways in which loaders fail. */
function loader(world: World, process: Process, type: RecordName, cached?: Cached) {
  const loadedAt = new Map<string, number>()
  return async (keys: readonly string[], { tenant }: { readonly tenant: Tenant }) => {
    const { clock, dice } = process
    if (process.dead) return new Promise<never>(() => undefined)
    for (const key of cached ? keys : []) {
      const slot = slotOf(type, tenant, key)
      const [last, changed, now] = [loadedAt.get(slot), cached?.fresh.get(slot), clock.now()]
      if (last !== undefined && changed !== undefined && changed >= last && now - last < (cached?.ttlMs ?? 0)) {
        world.count('cached link invalidated')
      }
      loadedAt.set(slot, now)
    }
    const fault = dice.chance(world.weather.loader) ? dice.upTo(5) : undefined
    if (fault === 0) {
      world.count('loader timed out')
      return new Promise<never>(() => undefined)
    }
    await clock.sleep(dice.chance(0.3) ? 0 : dice.upTo(80))
    if (fault !== undefined) world.count('loader failed')
    if (fault === 1) throw new Error('the database is away')
    if (fault === 2) return []
    const found = keys.map((key) => world.store.now(type, tenant, key))
    if (fault === 3) return found.map((record, index) => (index === 0 ? new Error('this row is locked') : record))
    return fault === 4 ? found.map(() => 7 as unknown as null) : found
  }
}
