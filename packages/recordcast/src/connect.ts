import { RecordcastError } from '@recordcast/protocol'
import { checkName } from '@recordcast/protocol/names'
import { type Broker, type Logger, silentLogger } from '@recordcast/registry'
import type { Telemetry } from '@recordcast/registry/telemetry'
import { type Clock, systemClock, type Transport } from '@recordcast/transport'
import type { AmqpTransportOptions } from '@recordcast/transport-amqp'
import type { NatsTransportOptions } from '@recordcast/transport-nats'
import { openAmqp } from './open-amqp.js'
import { openMemory } from './open-memory.js'
import { openNats } from './open-nats.js'

type OursToSay = 'url' | 'servers' | 'namespace' | 'clock' | 'onState' | 'onWarning'

export interface ConnectOptions {
  /** Keeps environments apart on one broker; default 'recordcast'. */
  readonly namespace?: string
  /** pino or anything with its debug, info, warn and error; default silent. */
  readonly logger?: Logger
  /** Who observes sources and listeners: `openTelemetry()` of recordcast/opentelemetry, `prometheus(client)` of recordcast/prometheus, or your own. Default nobody. */
  readonly telemetry?: Telemetry
  /** For tests that turn time; default the machine's. */
  readonly clock?: Clock
  /** Numbers from 0 inclusive to 1 exclusive; default Math.random. */
  readonly random?: () => number
  /** What only RabbitMQ understands: queue type, TLS, window, rungs. */
  readonly amqp?: Omit<AmqpTransportOptions, OursToSay>
  /** What only NATS understands: replicas, authentication, TLS, window. */
  readonly nats?: Omit<NatsTransportOptions, OursToSay>
}

/** What a scheme's opener gets: every option with its default. */
export interface Opening {
  readonly url: string
  readonly namespace: string
  readonly logger: Logger
  readonly clock: Clock
  readonly random: () => number
  readonly options: ConnectOptions
}

const openers: ReadonlyMap<string, (opening: Opening) => Promise<Transport>> = new Map([
  ['memory', openMemory],
  ['amqp', openAmqp],
  ['amqps', openAmqp],
  ['nats', openNats],
  ['tls', openNats],
])

const schemes = 'memory:, memory://name, amqp://, amqps://, nats://, tls:// (NATS)'

/**
 * Connects to a broker. `memory:` makes an embedded bus of its own, `memory://name` joins the one of that name inside this process;
 * `amqp://user:password@host:5672/vhost` is RabbitMQ and needs the package amqplib; `nats://host:4222` is NATS JetStream and needs
 * @nats-io/transport-node, @nats-io/jetstream and @nats-io/kv. The members of a cluster are whole URLs with commas between. Resolves when
 * the connection stands; a connection that is lost later heals by itself.
 *
 * @throws RecordcastError unknown-scheme, driver-missing, invalid-options; the driver's connection-lost when no broker answers
 */
export async function connect(url: string, options: ConnectOptions = {}): Promise<Broker> {
  const { namespace = 'recordcast', logger = silentLogger, clock = systemClock, random = Math.random } = options
  checkName('namespace', namespace)
  const scheme = typeof url === 'string' ? /^([a-z][a-z0-9+.-]*):/i.exec(url)?.[1]?.toLowerCase() : undefined
  const open = scheme === undefined ? undefined : openers.get(scheme)
  if (open === undefined) {
    // The rest of a URL may hold a password and is not shown.
    const found = scheme === undefined ? typeof url : `${scheme}:`
    throw new RecordcastError('unknown-scheme', `connect: "${found}" is no scheme known here; known are ${schemes}`, {
      found,
      expected: schemes,
    })
  }
  const transport = await open({ url, namespace, logger, clock, random, options })
  const { telemetry } = options
  const broker = { transport, namespace, logger, clock, random, close: () => transport.close() }
  return telemetry === undefined ? broker : { ...broker, telemetry }
}
