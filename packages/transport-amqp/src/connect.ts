import type { Transport } from '@recordcast/transport'
import { featuresOf } from './features.js'
import type { Ground } from './ground.js'
import { Links } from './link/links.js'
import { type AmqpTransportOptions, checkOptions } from './options.js'
import { Young } from './queues/young.js'
import { AmqpTransport } from './transport.js'

/**
 * Connects to RabbitMQ 3.10 or later, and stays connected: what is lost later is mended without end.
 *
 * Rejects with invalid-argument for options that make no sense, credentials that are refused and a broker that is too
 * old, and with connection-lost when none answers within `connectTimeoutMs`.
 */
export async function createAmqpTransport(options: AmqpTransportOptions): Promise<Transport> {
  const settings = checkOptions(options)
  const links = new Links(settings)
  const version = await links.open()
  try {
    const features = featuresOf(version)
    const { publishing, consuming, control } = links
    const { names, clock } = settings
    const maxBodyBytes = Math.min(settings.maxBodyBytes, features.maxBodyBytes)
    const young = new Young(clock)
    const ground: Ground = { settings, names, clock, features, maxBodyBytes, young, publishing, consuming, control }
    const transport = new AmqpTransport(ground, links)
    await transport.start()
    return transport
  } catch (error) {
    await links.close()
    throw error
  }
}
