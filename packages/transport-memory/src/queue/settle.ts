import { shelfOf, TransportError, type Verdict } from '@recordcast/transport'
import { pauseAfterThrow } from '@recordcast/transport/consume'
import { shelve } from '@recordcast/transport/driver'
import type { Ground } from '../ground.js'
import { stored } from '../stored.js'
import type { Consumer } from './consumer.js'
import type { Lease } from './lease.js'
import { newEntry } from './queue.js'

/** What a verdict does to the entry of a lease that has just ended. */
export function carryOut(ground: Ground, consumer: Consumer, lease: Lease, verdict: Verdict): void {
  const { entry, queue } = lease
  switch (verdict.do) {
    case 'ack':
      return
    case 'retry': {
      const message = entry.message.with(verdict.headers)
      queue.put({ message, attempt: entry.attempt + 1, redelivered: true }, 'tail', verdict.afterMs)
      return
    }
    case 'return':
      queue.put({ ...entry, redelivered: true, unanswered: verdict.unanswered ?? 0 }, 'head', verdict.afterMs)
      return
    case 'park':
      park(ground, consumer, lease, verdict)
  }
}

/**
 * Puts the entry back after a throw (counted) or a park that failed, with the pause that drivers make then.
 */
export function putBack({ entry, queue }: Lease, { counted }: { readonly counted: boolean }): void {
  const { message, attempt } = entry
  const afterMs = pauseAfterThrow(attempt)
  const back = counted ? { message, attempt: attempt + 1 } : entry
  queue.put({ ...back, redelivered: true }, 'tail', afterMs)
}

function park(ground: Ground, consumer: Consumer, lease: Lease, verdict: Verdict & { do: 'park' }): void {
  const { party } = consumer
  const { entry, queue } = lease
  const copy = shelve({
    message: entry.message.with(verdict.headers),
    why: verdict.why,
    attempt: entry.attempt,
    parkedAt: new Date(party.clock.now()).toISOString(),
  })
  const shelf = party.space.shelf(queue)
  const error = ground.store(shelf, newEntry(stored(copy)))
  if (error === undefined) return
  putBack(lease, { counted: false })
  const sentence = `A message of ${queue.name} could not be parked on ${shelfOf(queue.name)}; it is delivered again.`
  party.tell(consumer.options.onError, new TransportError('not-confirmed', sentence, { cause: error }))
}
