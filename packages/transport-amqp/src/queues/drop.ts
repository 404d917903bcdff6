import type { Ground } from '../ground.js'
import { onChannel } from '../link/look.js'

/** Deletes the queue and its shelf. What waits in a rung ends in the sink when its time comes. */
export async function dropQueue(ground: Ground, queue: string): Promise<void> {
  const { settings, control, names } = ground
  await onChannel(settings, control, `Dropping ${queue}`, async (channel) => {
    await channel.deleteQueue(names.queue(queue))
    await channel.deleteQueue(names.shelf(queue))
  })
}
