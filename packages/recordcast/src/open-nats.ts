import type { Transport } from '@recordcast/transport'
import type { Opening } from './connect.js'
import { loadDriver } from './load-driver.js'

const needed = ['@nats-io/transport-node', '@nats-io/jetstream', '@nats-io/kv']

/** nats:// and tls:// */
export async function openNats({ url, namespace, clock, logger, options }: Opening): Promise<Transport> {
  const { createNatsTransport } = await loadDriver('nats:', needed, () => import('@recordcast/transport-nats'))
  return createNatsTransport({
    ...options.nats,
    url,
    namespace,
    clock,
    onState: (state) => logger[state === 'disconnected' ? 'warn' : 'info']({ state }, 'NATS'),
    onWarning: (error) => logger.warn({ error }, 'NATS'),
  })
}
