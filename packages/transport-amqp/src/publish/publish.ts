import type { Message, TransportError } from '@recordcast/transport'
import { checkName, copyMessage, type PublishReport } from '@recordcast/transport/driver'
import { invalid } from '../errors.js'
import type { Ground } from '../ground.js'
import { letterOf, propertiesOf } from '../wire.js'
import type { Fate } from './fate.js'
import type { Lane } from './lane.js'
import { Copy, type Parcel } from './parcel.js'

/**
 * One copy a queue, pipelined, each with a fate of its own: a list of recipients in one message would hide a missing
 * queue, because the broker returns only what reaches none.
 */
export function publish(
  ground: Ground,
  lane: Lane,
  queues: readonly string[],
  message: Message,
): Promise<PublishReport> {
  // What is thrown in here rejects.
  return new Promise((resolve) => {
    if (!Array.isArray(queues)) throw invalid('publish needs a list of queues.')
    for (const queue of queues) checkName('queue', queue)
    const parcelTo = parcelOf(copyMessage(message, ground.maxBodyBytes, asItIs))
    const once: readonly string[] = queues.length > 1 ? [...new Set(queues)] : [...queues]
    const fates = new Array<Fate>(once.length)
    let left = once.length
    if (left === 0) resolve(reportOf(once, fates))
    for (const [index, queue] of once.entries()) {
      lane.post(parcelTo(ground.names.queue(queue)), (fate) => {
        fates[index] = fate
        if (--left === 0) resolve(reportOf(once, fates))
      })
    }
  })
}

const asItIs = (body: Uint8Array): Uint8Array => body

/** The message as parcels; its body is copied by the time this returns. */
function parcelOf(message: Message): (routingKey: string) => Parcel {
  const { id, headers } = message
  const properties = () => propertiesOf({ id, headers })
  const letter = letterOf(message)
  if (letter !== undefined) return (routingKey) => new Copy(routingKey, letter, properties)
  const large = { exchange: '', body: Buffer.from(message.body), options: properties() }
  return (routingKey) => ({ ...large, routingKey })
}

function reportOf(queues: readonly string[], fates: readonly Fate[]): PublishReport {
  const gone: string[] = []
  const failed: { queue: string; error: TransportError }[] = []
  for (const [index, queue] of queues.entries()) {
    const fate = fates[index]
    if (fate === 'gone') gone.push(queue)
    else if (fate !== undefined && fate !== 'stored') failed.push({ queue, error: fate })
  }
  return { gone, failed }
}
