import { RecordcastError } from '@recordcast/protocol'
import { checkName } from '@recordcast/protocol/names'
import { type Broker, type Logger, silentLogger } from '@recordcast/registry'
import { type Clock, systemClock } from '@recordcast/transport'
import { createMemoryBus, createMemoryTransport, memoryBusNamed } from '@recordcast/transport-memory'

export interface ConnectOptions {
  /** Keeps environments apart on one broker; default 'recordcast'. */
  readonly namespace?: string
  /** pino or anything with its debug, info, warn and error; default silent. */
  readonly logger?: Logger
  /** For tests that turn time; default the machine's. */
  readonly clock?: Clock
  /** Numbers from 0 inclusive to 1 exclusive; default Math.random. */
  readonly random?: () => number
}

const schemes = 'memory: (a bus of its own) or memory://name (shared inside this process)'

/**
 * Connects to a broker.
 *
 * `memory:` makes an embedded bus of its own, `memory://name` joins the one of that name inside this process.
 * @throws RecordcastError unknown-scheme, invalid-options
 */
export async function connect(url: string, options: ConnectOptions = {}): Promise<Broker> {
  const { namespace = 'recordcast', logger = silentLogger, clock = systemClock, random = Math.random } = options
  checkName('namespace', namespace)
  const bus = busOf(url, clock, random)
  const transport = createMemoryTransport({ bus, namespace, clock })
  return { transport, namespace, logger, clock, random, close: () => transport.close() }
}

function busOf(url: unknown, clock: Clock, random: () => number): ReturnType<typeof createMemoryBus> {
  const scheme = typeof url === 'string' ? /^([a-z][a-z0-9+.-]*):/i.exec(url)?.[1]?.toLowerCase() : undefined
  if (typeof url !== 'string' || scheme !== 'memory') {
    // The rest of a URL may hold a password and is not shown.
    const found = scheme === undefined ? typeof url : `${scheme}:`
    throw new RecordcastError('unknown-scheme', `connect: "${found}" is no scheme known here; known are ${schemes}`, {
      found,
      expected: schemes,
    })
  }
  const rest = url.slice('memory:'.length)
  if (rest === '' || rest === '//') return createMemoryBus({ clock, random })
  const name = rest.startsWith('//') ? rest.slice(2) : ''
  return memoryBusNamed(checkName('url', name))
}
