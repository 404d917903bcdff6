import type { Options } from 'amqplib'
import type { Ground } from '../ground.js'
import { lookAt, onChannel } from '../link/look.js'
import { isShelf } from '../names.js'
import { pause } from '../time.js'

export type Lifetime = 'durable' | 'instance'

// The broker throws a message away that was delivered too often; 4.x does so after 20 times unless told otherwise.
// Attempts are counted by verdicts here, so the fuse is set where nobody gets.
const deliveryLimit = 2 ** 31 - 1

/**
 * What a queue is on the broker. An instance queue is neither exclusive nor auto-delete: both would take it, with its
 * messages, at the first reconnect. It ends when nobody has renewed it for the grace time; see instances.ts.
 */
export function queueOptions(ground: Ground, lifetime: Lifetime): Options.AssertQueue {
  const { queueType, instanceGraceMs } = ground.settings
  if (lifetime === 'instance') return { durable: true, arguments: { 'x-expires': instanceGraceMs } }
  if (queueType === 'classic') return { durable: true, arguments: { 'x-queue-type': 'classic' } }
  return { durable: true, arguments: { 'x-queue-type': 'quorum', 'x-delivery-limit': deliveryLimit } }
}

/** Shelves are classic: looking at a message on a quorum queue counts as a delivery. They end as their queue does. */
export function shelfOptions(ground: Ground, lifetime: Lifetime): Options.AssertQueue {
  return lifetime === 'instance' ? queueOptions(ground, 'instance') : { durable: true }
}

/*
RabbitMQ tells those who consume a queue only a moment later that it was deleted. Where a queue of that name stands again by
then (18 ms after, on 3.10), they are not told at all: the new queue takes them for its consumers and hands them its
messages, which their channels drop without a word. So whoever knows that a queue stood lets the others be told first.
*/
const toldMs = 1000

/**
 * Makes the queue with its shelf, or the shelf alone, if it is absent. Not only when something is to be parked: a node that is killed just after a
 * queue's declaration loses what that confirmed, and those that are parked first in a storm come close together. Rejects with invalid-argument if it is there with another lifetime.
 *
 * @param stood somebody consumes it here: if it is absent, it was deleted
 */
export async function declareQueue(ground: Ground, queue: string, lifetime: Lifetime, stood = false): Promise<void> {
  if (isShelf(queue)) {
    await declareShelf(ground, queue, lifetime)
    return
  }
  const { settings, control, names, clock } = ground
  if (stood && (await lookAt(settings, control, names.queue(queue))) === undefined) await pause(clock, toldMs)
  await onChannel(settings, control, `Declaring ${queue} as ${lifetime}`, (channel) =>
    channel.assertQueue(names.queue(queue), queueOptions(ground, lifetime)),
  )
  await declareShelf(ground, queue, lifetime)
}

/** The same for a queue's shelf, which is taken as it is found. Resolves with whether it had to be made. */
export async function declareShelf(ground: Ground, queue: string, lifetime: Lifetime): Promise<boolean> {
  const name = ground.names.shelf(queue)
  const { settings, control } = ground
  if ((await lookAt(settings, control, name)) !== undefined) return false
  await onChannel(settings, control, `Making the shelf of ${queue}`, (channel) =>
    channel.assertQueue(name, shelfOptions(ground, lifetime)),
  )
  return true
}
