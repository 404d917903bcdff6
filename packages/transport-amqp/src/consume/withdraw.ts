import { TransportError } from '@recordcast/transport'
import { replyCode } from '../errors.js'
import { preconditionFailed } from '../link/channel.js'
import type { Handed } from './handed.js'

/**
 * Aborts the deliveries whose channel has gone, oldest first. If the broker closed it because an ack was overdue, that is
 * returned, and it is the reason of the oldest: the others may have been quick enough.
 */
export function withdraw(
  deliveries: Iterable<Handed>,
  queue: string,
  cause: Error | undefined,
): TransportError | undefined {
  const overdue = replyCode(cause) === preconditionFailed ? tooLate(queue, cause) : undefined
  let reason = overdue
  for (const delivery of deliveries) {
    if (!delivery.isVoid) continue
    delivery.abort(reason)
    reason = undefined
  }
  return overdue
}

function tooLate(queue: string, cause: unknown): TransportError {
  const sentence = `RabbitMQ took back what it had delivered of ${queue}: an ack was longer in coming than its consumer_timeout allows. Handlers have to be quicker than that.`
  return new TransportError('delivery-overdue', sentence, { cause })
}
