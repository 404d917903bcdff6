import { emitSomething } from './emitting.js'
import { startListener, stopListener } from './listening.js'
import { alive, type ListenerProcess, up } from './parties.js'
import { owner, type RecordName, records, services } from './records.js'
import { instancesOf, latest } from './releases.js'
import { replay } from './replaying.js'
import { unshelved } from './shelves.js'
import { standingLives, startSource, stopSource } from './sources.js'
import { fair } from './weather.js'
import type { World } from './world.js'

const longestMs = 300_000
/** Two rounds of the question whether a release still has instances, and then some. */
const rivalsMs = 45_000

/** Ends all faults, starts what is missing, waits for quiet, probes, replays and stops everything. Gives `queue/event` of what is parked. */
export async function heal(world: World): Promise<ReadonlySet<string>> {
  Object.assign(world.weather, fair)
  world.note('everything heals')
  world.breaksIn = undefined
  for (const { process } of [...world.sources, ...world.listeners]) process.doomedIn = undefined
  // Actions that have several steps come to their end.
  await world.admin.clock.sleep(1000)
  await settled(world)
  for (const service of services) {
    if (!world.sources.some((each) => each.service === service && up(each))) await startSource(world, service)
  }
  for (const spec of world.queues) {
    const standing = spec.life !== undefined && !spec.life.ended
    const running = instancesOf(world, spec).filter(up)
    if (world.dice.chance(0.5)) {
      for (const old of running.filter(({ release }) => release !== latest(spec))) await stopListener(world, old)
    }
    if (standing && !instancesOf(world, spec).some((each) => up(each) && each.release === latest(spec))) {
      await startListener(world, spec, latest(spec))
    }
  }
  await world.admin.clock.sleep(rivalsMs)
  await quiet(world)
  await probe(world)
  await quiet(world)
  await unshelved(world, { final: false })
  world.mended = true
  for (const spec of world.queues) {
    if (spec.delivery === 'each') continue
    await replay(world, spec)
    const second = await replay(world, spec)
    if (second !== 0) world.violate(`a second replay of ${spec.name} replayed ${second}`)
  }
  await quiet(world)
  const parked = await unshelved(world, { final: true })
  for (const party of world.listeners.filter(up)) await stopListener(world, party)
  for (const party of world.sources.filter(up)) await stopSource(world, party)
  for (const party of world.listeners.filter(({ process, state }) => !process.dead && state !== 'down')) {
    if (party.state !== 'failed') world.violate(`${party.process.id} is still ${party.state}`)
  }
  await world.admin.transport.close()
  return parked
}

/** Every source that runs must know every listener that runs: both get an event of each kind to prove it. */
async function probe(world: World): Promise<void> {
  for (const party of world.listeners.filter(up)) party.life.stands = true
  const lives = standingLives(world).filter((life) => world.listeners.some((each) => each.life === life && up(each)))
  for (const { process } of world.sources.filter(up)) {
    for (const life of lives) if (!life.takenIn.has(process.id)) life.takenIn.set(process.id, world.emits.length)
  }
  world.note('probes')
  for (const party of world.sources.filter(up)) {
    for (const type of Object.keys(records) as RecordName[]) {
      if (owner[type] !== party.service) continue
      for (let count = 0; count < 4; count++) await emitSomething(world, party, type)
    }
  }
}

/** Waits until every start, stop and emit has come to its end. */
async function settled(world: World): Promise<void> {
  const busy = (): boolean =>
    [...world.sources, ...world.listeners].some(
      ({ process, state }) => !process.dead && (state === 'starting' || state === 'stopping'),
    ) ||
    world.sources.some(({ process, pending }) => !process.dead && pending.size > 0) ||
    world.queues.some((spec) => spec.busy)
  await until(world, 'starts, stops and emits to end', async () => !busy())
}

/** Waits until all queues that have a listener are empty. */
async function quiet(world: World): Promise<void> {
  await settled(world)
  const watched = [...new Set(world.listeners.filter(up).map(({ spec }) => spec))].filter(
    ({ delivery }) => delivery === 'shared',
  )
  await until(world, 'the queues to run empty', async () => {
    if (isHandling(world)) return false
    for (const { name } of watched) {
      const report = await world.admin.transport.inspect(name)
      if (report !== undefined && report.ready + report.unsettled > 0) return false
    }
    return true
  })
  await world.admin.clock.sleep(6000)
}

const isHandling = (world: World): boolean =>
  world.listeners.some((party: ListenerProcess) => alive(party) && party.listener.stats().running > 0)

async function until(world: World, what: string, holds: () => Promise<boolean>): Promise<void> {
  const end = world.clock.now() + longestMs
  while (!(await holds())) {
    if (world.clock.now() > end) {
      for (const { name } of world.queues)
        world.note(`${name}: ${JSON.stringify(await world.admin.transport.inspect(name))}`)
      for (const { process, state, listener } of world.listeners)
        if (!process.dead) world.note(`${process.id} ${state} ${JSON.stringify(listener.stats())}`)
      world.violate(`waited ${longestMs} ms in vain for ${what}`)
      return
    }
    await world.admin.clock.sleep(250)
  }
}
