import { type QueueReport, shelfOf } from '@recordcast/transport'
import { unshelve } from '@recordcast/transport/driver'
import type { Space } from './space.js'

export function inspect(space: Space, name: string, peekParked: number): QueueReport | undefined {
  const queue = space.queues.get(name)
  if (queue === undefined) return undefined
  const shelf = space.queues.get(shelfOf(name))
  const peeked = shelf?.peek(peekParked) ?? []
  return {
    ready: queue.ready,
    unsettled: queue.unsettled,
    parked: shelf?.length ?? 0,
    attended: queue.attended,
    peeked: peeked.map(unshelve),
  }
}
