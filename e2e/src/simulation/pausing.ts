import { announcePause, withdrawPause } from '@recordcast/registry/operator'
import type { QueueSpec } from './parties.js'
import type { World } from './world.js'

/** The share of worlds in which an operator pauses listeners: the others keep the runs that their seeds had before. */
const share = 0.25

/** An operator who pauses a listener now and then and lets it go on, whatever else happens to it. By dice of its own. */
export async function pauseNowAndThen(world: World, times: number): Promise<void> {
  const dice = world.dice.fork('pauses')
  if (!dice.chance(share)) return
  const { clock } = world.admin
  for (let left = times; left > 0; left--) {
    await clock.sleep(dice.upTo(3000))
    const spec = dice.pick(world.queues.filter(({ delivery }) => delivery === 'shared'))
    if (spec === undefined) return
    await through(world, () => pause(world, spec))
    if (dice.chance(0.3)) await through(world, () => resume(world, spec))
    else await clock.sleep(dice.upTo(2000))
    await through(world, () => resume(world, spec))
  }
}

async function pause({ admin, count, note }: World, { name, label }: QueueSpec): Promise<void> {
  const since = new Date(admin.clock.now()).toISOString()
  await announcePause(admin.transport, { v: 1, kind: 'pause', queue: name, since })
  count('paused')
  note(`${label} is paused`)
}

async function resume({ admin, note }: World, { name, label }: QueueSpec): Promise<void> {
  await withdrawPause(admin.transport, name)
  note(`${label} may go on`)
}

/** Tried until it is through: a pause that stays for ever is not what is simulated here. */
async function through({ admin, note }: World, step: () => Promise<void>): Promise<void> {
  for (;;) {
    try {
      await step()
      return
    } catch (error) {
      note(`the operator could not: ${error}`)
      await admin.clock.sleep(100)
    }
  }
}
