import { emitSomething } from './emitting.js'
import { restartListener, startListener, stopListener } from './listening.js'
import { dropQueue, loseBoards } from './losing.js'
import { alive, type QueueSpec, up } from './parties.js'
import { services } from './records.js'
import { instancesOf, latest, nextRelease, wrongRelease } from './releases.js'
import { replay } from './replaying.js'
import { restartSource, startSource, stopSource } from './sources.js'
import { unsubscribe } from './unsubscribing.js'
import { fair } from './weather.js'
import type { World } from './world.js'

/** Something that may happen next. It gives a promise that ends when all of it has happened, or never if somebody dies on the way. */
type Action = (world: World) => Promise<unknown> | undefined

const startOneSource: Action = (world) => {
  const service = world.dice.pick(services)
  const running = world.sources.filter((each) => each.service === service && alive(each))
  return running.length >= (service === 'forge' ? 2 : 1) ? undefined : startSource(world, service)
}

const stopOneSource: Action = (world) => {
  const party = world.dice.pick(world.sources.filter(up))
  return party && (world.dice.chance(0.3) ? restartSource(world, party) : stopSource(world, party))
}

const start = (world: World, spec: QueueSpec): Promise<unknown> | undefined => {
  if (spec.busy || instancesOf(world, spec).filter(alive).length >= 3) return undefined
  const { dice } = world
  const kind = dice.roll()
  if (kind < 0.08) return startListener(world, spec, wrongRelease(spec, dice))
  if (kind < 0.35 && spec.releases.length < 4) spec.releases.push(nextRelease(spec, dice))
  const old = dice.chance(0.15) ? dice.pick(spec.releases) : latest(spec)
  return startListener(world, spec, old)
}

const startOneListener: Action = (world) => start(world, world.dice.pick(world.queues))

const stopOneListener: Action = (world) => {
  const party = world.dice.pick(world.listeners.filter((each) => up(each) && !each.spec.busy))
  if (party === undefined) return undefined
  const pauses = party.spec.delivery === 'shared' && world.dice.chance(0.3)
  return pauses ? restartListener(world, party) : stopListener(world, party)
}

/** A deploy of a release with a mistake, while instances of the last one come and go. */
const deployWrongly: Action = (world) => {
  const { dice, queues } = world
  const spec = dice.pick(queues.filter(({ delivery, busy }) => delivery === 'shared' && !busy))
  if (spec === undefined) return undefined
  const wrong = startListener(world, spec, wrongRelease(spec, dice))
  const right = dice.chance(0.5) ? startListener(world, spec, latest(spec)) : undefined
  const leaving = instancesOf(world, spec).filter(up)
  const left = world.admin.clock.sleep(dice.upTo(150)).then(() => {
    if (!spec.busy) return Promise.all(leaving.filter(up).map((each) => stopListener(world, each)))
  })
  return Promise.all([wrong, right, left])
}

/** Two instances of a release that start together while links break. */
const startTwins: Action = (world) => {
  const spec = world.dice.pick(world.queues.filter(({ delivery, busy }) => delivery === 'shared' && !busy))
  if (spec === undefined) return undefined
  world.breaksIn = world.dice.upTo(30)
  const later = world.admin.clock.sleep(world.dice.upTo(40)).then(() => {
    if (!spec.busy) return startListener(world, spec, latest(spec))
  })
  return Promise.all([startListener(world, spec, latest(spec)), later])
}

export const startBoth: Action = (world) => {
  const listener = startOneListener(world)
  const source = startOneSource(world)
  if (listener !== undefined && source !== undefined) world.count('source and listener started at the same instant')
  return Promise.all([listener, source])
}

const emitBurst: Action = (world) => {
  const party = world.dice.pick(world.sources.filter(up))
  if (party === undefined) return undefined
  const count = world.dice.chance(0.1) ? 20 : 1 + world.dice.upTo(5)
  if (world.dice.chance(0.5)) return Promise.all(Array.from({ length: count }, () => emitSomething(world, party)))
  return (async () => {
    for (let left = count; left > 0 && up(party); left--) await emitSomething(world, party)
  })()
}

/** Sources that stop while emits are under way, listeners that stop while handlers run: whoever has something to lose. */
const crash: Action = (world) => {
  const { dice } = world
  const candidates = [...world.sources, ...world.listeners].filter(
    (each) => !each.process.dead && each.state !== 'down' && each.state !== 'failed',
  )
  const busy = candidates.filter((each) => each.state === 'starting' || ('pending' in each && each.pending.size > 0))
  const party = dice.pick(busy.length > 0 && dice.chance(0.5) ? busy : candidates)
  if (party === undefined) return undefined
  if (dice.chance(0.3)) world.kill(party.process)
  else party.process.doomedIn = dice.upTo(8)
  return Promise.resolve()
}

const restartBus: Action = (world) => {
  if (world.dice.chance(0.5)) {
    world.breaksIn = world.dice.upTo(12)
    return Promise.resolve()
  }
  world.note('the bus restarts')
  world.count('bus restarted')
  world.bus.restart()
  return Promise.resolve()
}

const changeWeather: Action = (world) => {
  const { dice, weather } = world
  Object.assign(weather, fair)
  const bad = dice.some(Object.keys(fair) as (keyof typeof fair)[], 0)
  for (const kind of bad) weather[kind] = dice.pick([0.05, 0.15, 0.4, 0.95])
  world.note(`the weather turns ${bad.join(', ') || 'fair'}`)
  return Promise.resolve()
}

const replayOne: Action = (world) => {
  const spec = world.dice.pick(world.queues.filter(({ delivery, busy }) => delivery === 'shared' && !busy))
  return spec && replay(world, spec)
}

const loseSomething: Action = (world) => {
  if (world.dice.chance(0.4)) return loseBoards(world)
  const spec = world.dice.pick(world.queues.filter(({ delivery, busy }) => delivery === 'shared' && !busy))
  return spec && dropQueue(world, spec)
}

const unsubscribeOne: Action = (world) => {
  const spec = world.dice.pick(world.queues.filter(({ life, busy }) => life !== undefined && !life.ended && !busy))
  return spec && unsubscribe(world, spec)
}

const weighted: readonly (readonly [number, Action])[] = [
  [30, emitBurst],
  [10, startOneListener],
  [5, startOneSource],
  [3, startBoth],
  [1, deployWrongly],
  [1, startTwins],
  [4, stopOneListener],
  [3, stopOneSource],
  [5, crash],
  [1.5, restartBus],
  [3, changeWeather],
  [2, replayOne],
  [1, unsubscribeOne],
  [0.7, loseSomething],
]
const total = weighted.reduce((all, [weight]) => all + weight, 0)

/** Does something, by the dice. Undefined if nothing came of it. */
export function act(world: World): Promise<unknown> | undefined {
  let left = world.dice.roll() * total
  for (const [weight, action] of weighted) {
    left -= weight
    if (left < 0) return action(world)
  }
  return undefined
}
