import { act, startBoth } from './actions.js'
import { checkAll } from './checks.js'
import type { Counters } from './counters.js'
import { heal } from './healing.js'
import { pauseNowAndThen } from './pausing.js'
import { newQueues } from './releases.js'
import { createWorld, type Sabotage, type World } from './world.js'

export interface SimulationOptions {
  /** How many things happen before everything is healed; default 60. */
  readonly actions?: number
  /** Ways to spoil the product, to see that the checks notice. */
  readonly sabotage?: Sabotage
}

export interface SimulationResult {
  readonly seed: number
  readonly ok: boolean
  /** What went wrong, one sentence each. */
  readonly violations: readonly string[]
  readonly counters: Counters
  /** Everything that happened, with the virtual milliseconds since the start. */
  readonly trace: readonly string[]
}

const mostTurns = 400_000

/**
 * One run of the world under a seed: a while of random starts, stops, crashes, emits and faults, then healing, quiet, and a look back. The same seed and options give the same run.
 */
export async function simulate(seed: number, options: SimulationOptions = {}): Promise<SimulationResult> {
  const world = createWorld(seed, options.sabotage ?? {})
  world.queues.push(...newQueues(world.dice.fork('queues')))
  const onUnhandled = (reason: unknown): void => world.violate(`a rejection that nobody handled: ${reason}`)
  process.on('unhandledRejection', onUnhandled)
  try {
    await run(world, options.actions ?? 60)
  } finally {
    process.off('unhandledRejection', onUnhandled)
  }
  const { violations, counters, trace } = world
  return { seed, ok: violations.length === 0, violations, counters, trace }
}

async function run(world: World, actions: number): Promise<void> {
  let over = false
  const whole = direct(world, actions).then(
    () => {
      over = true
    },
    (error: unknown) => {
      over = true
      world.violate(`the simulation itself failed: ${error instanceof Error ? error.stack : error}`)
    },
  )
  for (let turns = 0; !over; turns++) {
    if (await world.clock.turn()) {
      if (turns < mostTurns) continue
      world.violate(`after ${mostTurns} turns there is still no end`)
      return
    }
    if (!over) world.violate('nothing is left to happen, but somebody still waits')
    return
  }
  await whole
  for (let left = 10; left > 0 && (await world.clock.turn()); left--) {
    if (left === 1) world.violate(`${world.clock.armed} timers are left although everybody has stopped`)
  }
}

async function direct(world: World, actions: number): Promise<void> {
  const { dice, admin } = world
  for (let first = 4; first > 0; first--) void startBoth(world)
  const paused = pauseNowAndThen(world, 6)
  for (let left = actions; left > 0; left--) {
    act(world)?.catch((error: unknown) => world.violate(`an action failed: ${error}`))
    await admin.clock.sleep(dice.chance(0.3) ? dice.upTo(5) : dice.upTo(dice.chance(0.1) ? 4000 : 500))
  }
  await paused
  const parked = await heal(world)
  checkAll(world, parked)
}
