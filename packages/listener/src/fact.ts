import { RecordcastError } from '@recordcast/protocol'
import { decodeControl, encodeControl, type ListenerFact, listenerFactSchema } from '@recordcast/protocol/control'
import { listenerAddress, queueOf } from '@recordcast/protocol/names'
import type { Settings } from './check-options.js'
import type { Snapshot } from './neighbours.js'
import { type Subscribed, setOf } from './subscribe.js'

/**
 * The fact of this listener, as it stands on the board or would be next.
 *
 * @throws RecordcastError announcement-too-large, announcement-invalid (over a limit of the protocol, such as 256 event types)
 */
export function factOf(
  settings: Settings,
  queue: string,
  subscribed: Iterable<Subscribed>,
  board: Snapshot,
): ListenerFact {
  const subscriptions = [...subscribed].map(({ subscription }) => subscription)
  subscriptions.sort((a, b) => (a.event < b.event ? -1 : 1))
  const set = setOf(subscriptions)
  const onQueue = [...board.listeners.values()].filter((fact) => fact.queue === queue)
  const standing = onQueue.find((fact) => fact.set === set)
  const fact: ListenerFact = {
    v: 1,
    kind: 'listener',
    service: settings.service,
    listener: settings.listener,
    queue,
    delivery: settings.delivery,
    set,
    generation: standing?.generation ?? 1 + Math.max(0, ...onQueue.map(({ generation }) => generation)),
    address: listenerAddress(queue, set),
    since: standing?.since ?? new Date(settings.broker.clock.now()).toISOString(),
    subscriptions,
  }
  return decodeControl(listenerFactSchema, encodeControl(fact))
}

/** @throws RecordcastError listener-name-taken, when a fact of another service stands on the queue */
export function refuseTaken({ service, listener }: Settings, { listeners }: Snapshot, queue: string): void {
  const taken = [...listeners.values()].find((fact) => fact.queue === queue && fact.service !== service)
  if (taken === undefined) return
  const sentence = `The listener name "${listener}" is taken: service "${taken.service}" listens under it; service "${service}" needs another`
  throw new RecordcastError('listener-name-taken', sentence, {
    path: '/name',
    found: taken.service,
    expected: 'a service and name that no other service uses together',
  })
}

/** The queue of a listener: one for all instances, or this instance's own. */
export function queueFor({ listener, delivery }: Settings, instance: string): string {
  return queueOf(listener, delivery === 'each' ? instance : undefined)
}

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'

/** 132 random bits, by the broker's dice so that a simulation can repeat them. */
export function newInstance(random: () => number): string {
  return Array.from({ length: 22 }, () => alphabet[Math.floor(random() * alphabet.length)]).join('')
}
