import type { TransportError } from '@recordcast/transport'
import type { Channel } from 'amqplib'
import type { Ground } from '../ground.js'
import { onChannel } from '../link/look.js'

/*
A delay is a rung: a quorum queue whose messages expire after it and are dead-lettered through the default exchange to the
queue they came from. A rung is published to through a fanout exchange, so that the routing key stays free to name that
queue, and every rung serves all queues of the namespace. Dead-lettering is at-least-once, which with the default
strategy it is not: a crash lost a third of what was on its way.

At-least-once has a snare, as measured on 3.10: a message that can be routed nowhere, because its queue was
dropped, stays; the broker looks at 32 at a time, so that 32 of them stop the rung for everybody. Therefore each message
names a second recipient in CC, the sink: a queue that holds nothing.
*/

/** Makes the rungs and the sink. The same declarations again do nothing. */
export async function declareRungs(ground: Ground, channel: Channel): Promise<void> {
  const { names, settings } = ground
  await onChannel(settings, ground.publishing, 'Making the sink', (own) =>
    own.assertQueue(names.sink, { durable: true, arguments: { 'x-queue-type': 'quorum', 'x-max-length': 0 } }),
  ).catch((error: TransportError) => {
    // In a cluster it may be without a leader. It is there, and retries need not wait for it.
    if (error.code !== 'not-confirmed') throw error
  })
  await Promise.all(
    settings.rungs.map(async (delayMs) => {
      const rung = names.rung(delayMs)
      await channel.assertExchange(rung, 'fanout', { durable: true })
      await channel.assertQueue(rung, {
        durable: true,
        arguments: {
          'x-queue-type': 'quorum',
          'x-message-ttl': delayMs,
          'x-dead-letter-exchange': '',
          'x-dead-letter-strategy': 'at-least-once',
          'x-overflow': 'reject-publish',
        },
      })
      await channel.bindQueue(rung, rung, '')
    }),
  )
}

/** The next step of a wait. */
export interface Step {
  readonly delayMs: number
  /** Whether the wait is not over after it. */
  readonly more: boolean
}

/**
 * The rung for a wait: the next higher one if it at most doubles the wait, or if there is no lower; otherwise the highest
 * that is not too long, with more to come. So nothing comes early, and little comes after twice its time.
 */
export function stepFor(rungs: readonly number[], waitMs: number): Step {
  const higher = rungs.find((rung) => rung >= waitMs)
  const lower = rungs.findLast((rung) => rung <= waitMs)
  if (higher !== undefined && (lower === undefined || higher <= 2 * waitMs)) return { delayMs: higher, more: false }
  return { delayMs: lower ?? 0, more: true }
}
