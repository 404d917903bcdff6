import { checkName } from '@recordcast/protocol/names'
import type { Transport } from '@recordcast/transport'
import { createMemoryBus, createMemoryTransport, memoryBusNamed } from '@recordcast/transport-memory'
import type { Opening } from './connect.js'

/** memory: and memory://name */
export async function openMemory({ url, namespace, clock, random, logger }: Opening): Promise<Transport> {
  const rest = url.slice('memory:'.length)
  const named = rest !== '' && rest !== '//'
  const bus = named
    ? memoryBusNamed(checkName('url', rest.startsWith('//') ? rest.slice(2) : ''))
    : createMemoryBus({ clock, random })
  const onWarning = (error: Error): void => logger.warn({ error }, 'The embedded bus reports')
  return createMemoryTransport({ bus, namespace, clock, onWarning })
}
