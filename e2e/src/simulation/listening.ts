import { createListener } from 'recordcast'
import { subscribe } from './handling.js'
import type { Life, Release } from './model.js'
import type { ListenerProcess, QueueSpec } from './parties.js'
import type { Process, World } from './world.js'

export const retryDelaysMs: readonly number[] = [100, 800, 3000]
const handlerTimeoutMs = 1500
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
    dedup: { max: 1000, ttlMs: dedupTtlMs },
  })
  const party: ListenerProcess = { process, spec, release, life, listener, served: false, state: 'starting' }
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
  await begin(world, party)
  return party
}

async function begin(world: World, party: ListenerProcess): Promise<void> {
  const { process, spec, release, life, listener } = party
  world.note(`${process.id} starts with ${release.name}`)
  const { wipes } = world
  try {
    const answers = await listener.start()
    party.state = 'up'
    party.served = true
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
    const others = world.listeners.filter((each) => each !== party && each.life === life && each.release === release)
    if (!party.served && others.length === 0) life.releases.delete(release)
    const refused = (error as { readonly code?: string }).code === 'subscription-refused'
    world.count(refused ? 'refusal' : 'start failed')
    if (refused && !release.subscriptions.some(({ wrong }) => wrong))
      world.violate(`${process.id} was refused: ${error}`)
    world.note(`${process.id} could not start: ${error}`)
    await process.transport.close()
  }
}

function lifeOf(spec: QueueSpec, process: Process): Life {
  const fresh = (queue: Life['queue']): Life => ({
    queue,
    ended: false,
    releases: new Set(),
    takenIn: new Map(),
    dropped: -1,
    stands: false,
  })
  if (spec.delivery === 'each') return fresh({ name: undefined, label: process.id })
  if (spec.life === undefined || spec.life.ended) spec.life = fresh(spec)
  return spec.life
}

/** Stops a durable listener and starts the same object again a little later, as a service does that pauses. */
export async function restartListener(world: World, party: ListenerProcess): Promise<void> {
  const { process, spec, life, listener } = party
  party.state = 'stopping'
  world.note(`${process.id} pauses`)
  await listener.stop()
  await process.clock.sleep(process.dice.upTo(800))
  if (spec.busy || life.ended) {
    await process.transport.close()
    party.state = 'down'
    return
  }
  world.count('restarted as the same object')
  party.state = 'starting'
  await begin(world, party)
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

function countStats(world: World, { listener }: ListenerProcess): void {
  const { completed, duplicates } = listener.stats()
  world.count('attribute completed later', completed)
  world.count('duplicate suppressed', duplicates)
}
