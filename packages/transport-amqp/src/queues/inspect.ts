import type { ParkedMessage, QueueReport } from '@recordcast/transport'
import { unshelve } from '@recordcast/transport/driver'
import type { Channel, GetMessage } from 'amqplib'
import type { Ground } from '../ground.js'
import { onChannel, type Sight, sightOf } from '../link/look.js'
import { isShelf } from '../names.js'
import { copied, messageOf } from '../wire.js'

/** A person waits for the answer, and is better told that the broker is away: enough for a link that is just being dialled again. */
const lookMs = 3000

/**
 * What AMQP tells of a queue. It does not tell how many messages are out: `unsettled` counts those in the hands of this
 * transport's own consumers.
 */
export async function inspect(
  ground: Ground,
  queue: string,
  peekParked: number,
  unsettled: () => number,
): Promise<QueueReport | undefined> {
  const { settings, control, names } = ground
  const look = async (channel: Channel): Promise<QueueReport | undefined> => {
    const sight = await sightOf(channel, names.queue(queue))
    if (sight === undefined) return undefined
    const shelf = isShelf(queue) ? sight : await sightOf(channel, names.shelf(queue))
    return {
      ready: sight.messages,
      unsettled: unsettled(),
      parked: shelf?.messages ?? 0,
      attended: sight.consumers > 0,
      peeked: await peek(channel, names.shelf(queue), shelf, peekParked),
    }
  }
  return onChannel(settings, control, `Inspecting ${queue}`, look, Math.min(lookMs, settings.patienceMs))
}

/** Takes the oldest without acknowledging them, and puts them back where they were. */
async function peek(
  channel: Channel,
  shelf: string,
  sight: Sight | undefined,
  count: number,
): Promise<readonly ParkedMessage[]> {
  const taken: GetMessage[] = []
  while (sight !== undefined && taken.length < Math.min(count, sight.messages)) {
    const message = await channel.get(shelf)
    if (message === false) break
    taken.push(message)
  }
  if (taken.length > 0) {
    channel.nackAll(true)
    // Answered after they are back: the broker takes both in turn.
    await channel.checkQueue(shelf)
  }
  return taken.map((message) => unshelve(copied(messageOf(message))))
}
