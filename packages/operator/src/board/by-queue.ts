import type { ListenerFact } from '@recordcast/protocol/control'
import { RecordcastError } from '@recordcast/protocol/errors'
import { nearestNames } from '@recordcast/protocol/names'
import type { Context } from '../parts/context.js'

type Snapshot = ReturnType<Context['registry']['snapshot']>

/** The board of listeners by queue, in the order of the queues; each queue's sets oldest first. */
export type ByQueue = ReadonlyMap<string, readonly ListenerFact[]>

const known = new WeakMap<Snapshot['listeners'], ByQueue>()

/** Made once for a state of the board, whoever asks. */
export function byQueue({ listeners }: Snapshot): ByQueue {
  const made = known.get(listeners) ?? group(listeners)
  known.set(listeners, made)
  return made
}

function group(listeners: Snapshot['listeners']): ByQueue {
  const groups = new Map<string, ListenerFact[]>()
  for (const fact of listeners.values()) {
    const own = groups.get(fact.queue)
    if (own === undefined) groups.set(fact.queue, [fact])
    else own.push(fact)
  }
  for (const own of groups.values())
    if (own.length > 1) own.sort((a, b) => a.generation - b.generation || (a.set < b.set ? -1 : 1))
  return new Map([...groups].sort(([a], [b]) => (a < b ? -1 : 1)))
}

/** The sets of one queue. @throws RecordcastError unknown-listener, naming the nearest that exist */
export function setsOf(snapshot: Snapshot, queue: string): readonly [ListenerFact, ...ListenerFact[]] {
  const [first, ...rest] = byQueue(snapshot).get(queue) ?? []
  if (first !== undefined) return [first, ...rest]
  const nearest = nearestNames(queue, byQueue(snapshot).keys())
  throw new RecordcastError('unknown-listener', `There is no listener with the queue "${queue}"`, {
    ...{ path: '/queue', found: queue, expected: 'the queue of a listener on the board', nearest: [...nearest] },
  })
}
