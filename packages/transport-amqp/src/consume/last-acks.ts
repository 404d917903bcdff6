import { ignore } from '../errors.js'
import type { Opened } from '../link/channel.js'

/** Below every consumer of a listener: what there is goes to those. */
const lastPriority = -1000

/*
RabbitMQ confirms no acks. A channel sends at most 32 of them to a quorum queue's leader at once and holds the rest back
until the leader has applied those; when the channel ends meanwhile the rest is lost, and what was handled comes
again. What the leader does answer is the begin and the end of a consumer: the first answer comes after the acks that had been sent
and brings the rest on its way, the second comes after the rest. A message that reaches this consumer is left
untouched, and goes back with the channel.
*/
/** Resolves when the broker has taken the acks that were sent over the channel, or the channel is gone; never rejects. */
export async function acksTaken({ channel, closed, ended }: Opened, queue: string): Promise<void> {
  if (closed) return
  const ask = async (): Promise<void> => {
    await channel.prefetch(1)
    const { consumerTag } = await channel.consume(queue, ignore, { priority: lastPriority })
    await channel.cancel(consumerTag)
  }
  await Promise.race([ask().catch(ignore), ended])
}
