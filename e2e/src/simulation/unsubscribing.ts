import { createListener } from 'recordcast'
import { stopListener } from './listening.js'
import { alive, type QueueSpec, up } from './parties.js'
import { instancesOf } from './releases.js'
import type { World } from './world.js'

/** Ends a listener for good: its other instances go first, then one that is started or not withdraws it. Tried again until it is through. */
export async function unsubscribe(world: World, spec: QueueSpec): Promise<void> {
  const { life } = spec
  if (life === undefined) return
  spec.busy = true
  life.ended = true
  world.count('unsubscribe')
  world.note(`${spec.label} is unsubscribed`)
  const running = instancesOf(world, spec).filter(alive)
  const last = world.dice.pick(running.filter(up))
  for (const other of running) {
    if (other === last) continue
    if (up(other) && world.dice.chance(0.5)) await gone(world, () => stopListener(world, other), other.process)
    world.kill(other.process)
  }
  if (last !== undefined && up(last)) {
    last.state = 'stopping'
    await gone(world, () => last.listener.unsubscribe(), last.process)
    world.kill(last.process)
  }
  while (!(await isWithdrawn(world, spec))) {
    const process = world.spawn(spec.label)
    const { service, listener: name } = spec
    const listener = createListener({ service, broker: process.broker, ...(name !== undefined && { name }) })
    await gone(world, () => listener.unsubscribe(), process)
    world.kill(process)
  }
  world.note(`${spec.label} has been unsubscribed`)
  spec.busy = false
}

/** Waits for work of a process, but not if the process dies on the way. */
function gone(world: World, work: () => Promise<unknown>, process: { readonly id: string; onKilled: () => void }) {
  return new Promise<void>((resolve) => {
    const before = process.onKilled
    process.onKilled = () => {
      before()
      resolve()
    }
    work().then(
      () => resolve(),
      (error: unknown) => {
        world.note(`${process.id} could not: ${error}`)
        resolve()
      },
    )
  })
}

async function isWithdrawn({ admin }: World, spec: QueueSpec): Promise<boolean> {
  if (spec.delivery === 'each') return true
  try {
    return (await admin.transport.inspect(spec.name)) === undefined
  } catch {
    return false
  }
}
