import type { Transport } from '@recordcast/transport'
import type { Opening } from './connect.js'
import { loadDriver } from './load-driver.js'

// A password may hold a comma; only one in front of a scheme parts two addresses.
const betweenUrls = /,(?=amqps?:)/i

/** amqp:// and amqps:// */
export async function openAmqp({ url, namespace, clock, logger, options }: Opening): Promise<Transport> {
  const { createAmqpTransport } = await loadDriver('amqp:', ['amqplib'], () => import('@recordcast/transport-amqp'))
  return createAmqpTransport({
    ...options.amqp,
    url: url.split(betweenUrls),
    namespace,
    clock,
    onState: (state, detail) =>
      logger[state === 'connected' || state === 'closed' ? 'info' : 'warn']({ state, detail }, 'RabbitMQ'),
    onWarning: (error) => logger.warn({ error }, 'RabbitMQ'),
  })
}
