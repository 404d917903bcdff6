import type { QueueSpec } from './parties.js'
import type { World } from './world.js'

/** Deletes a queue underneath its listener. What was in it is lost, and nobody promised otherwise; what is emitted from now on is not. */
export async function dropQueue(world: World, spec: QueueSpec): Promise<void> {
  const { life } = spec
  world.note(`somebody deletes the queue ${spec.name}`)
  world.count('queue deleted underneath')
  if (life !== undefined) life.dropped = Number.POSITIVE_INFINITY
  try {
    await world.admin.transport.drop(spec.name)
  } catch (error) {
    world.note(`the queue could not be deleted: ${error}`)
  }
  if (life !== undefined) life.dropped = world.emits.length
}

/** Empties both boards. Live parties put their facts back; until that can be seen, nothing is promised. */
export async function loseBoards(world: World): Promise<void> {
  const { transport } = world.admin
  world.note('somebody empties the boards')
  world.count('board emptied')
  world.wipes++
  const lives = new Set([...world.queues.map(({ life }) => life), ...world.listeners.map(({ life }) => life)])
  for (const life of lives) {
    life?.takenIn.clear()
    if (life !== undefined) Object.assign(life, { stands: false, dropped: Number.POSITIVE_INFINITY })
  }
  try {
    for (const board of ['listeners', 'sources']) {
      for (const key of await keysOf(world, board)) await transport.announce(board, key, null)
    }
  } catch (error) {
    world.note(`the boards could not be emptied: ${error}`)
  }
  world.wipes++
  for (const life of lives) {
    life?.takenIn.clear()
    if (life !== undefined) life.dropped = world.emits.length
  }
}

async function keysOf({ admin }: World, board: string): Promise<readonly string[]> {
  const keys: string[] = []
  let whenSynced = (): void => undefined
  const synced = new Promise<void>((resolve) => {
    whenSynced = resolve
  })
  const running = await admin.transport.watch(board, (change) => {
    if (change.type === 'fact') keys.push(change.key)
    if (change.type === 'synced') whenSynced()
  })
  await synced
  await running.stop()
  return keys
}
