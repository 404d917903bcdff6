import { type Clock, systemClock, TransportError } from '@recordcast/transport'
import { type Auth, readServers } from './link/address.js'

export interface NatsTransportOptions {
  /** One server, or several with commas between: `nats://user:password@host:4222`, `tls://host`. Default 127.0.0.1:4222. */
  readonly url?: string
  /** The servers of a cluster, in place of `url`. One that answers is enough; the others are learnt from it. */
  readonly servers?: readonly string[]
  /** Transports see each other within a namespace only. 1 to 200 bytes of any characters. Default 'recordcast'. */
  readonly namespace?: string
  /** Copies of every queue and board. Default 3 in a cluster, 1 on a single server. */
  readonly replicas?: number
  /** How to log in; default what the URL says. */
  readonly auth?: Auth
  /** Texts in PEM. An empty object asks for TLS with the machine's own authorities. */
  readonly tls?: { readonly ca?: string; readonly cert?: string; readonly key?: string }
  /** Most copies, and their bytes, that may wait for their confirm; beyond it publish reports buffer-full. Default 1,000 and 64 MiB. */
  readonly window?: { readonly messages?: number; readonly bytes?: number }
  /**
   * How long a confirm may take before the copy counts as not-confirmed. Default 5,000: what was on its way to a stream's leader
   * when that died is never answered, and published again under the same id it is stored once.
   */
  readonly confirmTimeoutMs?: number
  /** A server that misses two pings counts as gone. Default 10,000. */
  readonly pingIntervalMs?: number
  /** The pause between two attempts to reconnect, and what chance adds to it. Default 250 and 1,000. There is no last attempt. */
  readonly reconnect?: { readonly waitMs?: number; readonly jitterMs?: number }
  /** How long the broker waits for a sign of life from a consumer before it delivers again; signs come three times as often. Default 30,000. */
  readonly ackWaitMs?: number
  /** How long an instance queue outlives a transport that died without a word. Default 120,000. */
  readonly instanceGraceMs?: number
  /** Where a new queue refuses more. Default no limit but the broker's own. */
  readonly queueLimits?: { readonly messages?: number; readonly bytes?: number }
  /** How long the broker remembers message ids to suppress copies; its memory holds them all. Default 120,000. */
  readonly duplicateWindowMs?: number
  /** For the time of parking and of retries, and every wait of the driver's own. */
  readonly clock?: Clock
  /** Told whenever the link comes up or goes down. */
  readonly onState?: (state: LinkState) => void
  /** Told of what nobody else is told of: an error without an onError, what this server lacks, a login that is refused. */
  readonly onWarning?: (error: Error) => void
}

export type LinkState = 'connected' | 'disconnected' | 'closed'

export type Settings = ReturnType<typeof readOptions>

const longest = 2 ** 31 - 1

/** The options, checked and filled up. Throws invalid-argument; never shows a credential. */
export function readOptions(options: NatsTransportOptions) {
  const { namespace = 'recordcast', replicas, tls, clock = systemClock, onState, onWarning } = options
  const { window = {}, reconnect = {}, queueLimits = {} } = options
  if (typeof namespace !== 'string' || namespace === '' || Buffer.byteLength(namespace) > 200)
    throw invalid('A namespace is a text of 1 to 200 bytes.')
  if (replicas !== undefined && ![1, 3, 5].includes(replicas))
    throw invalid(`replicas is 1, 3 or 5, not ${String(replicas)}.`)
  return {
    ...readServers(options.servers ?? addressesIn(options.url), options.auth),
    namespace: namespace.toWellFormed(),
    replicas,
    tls,
    clock,
    onState,
    onWarning,
    windowMessages: whole('window.messages', window.messages, 1000),
    windowBytes: whole('window.bytes', window.bytes, 64 * 1024 * 1024),
    confirmTimeoutMs: whole('confirmTimeoutMs', options.confirmTimeoutMs, 5000),
    pingIntervalMs: whole('pingIntervalMs', options.pingIntervalMs, 10_000),
    reconnectWaitMs: whole('reconnect.waitMs', reconnect.waitMs, 250),
    reconnectJitterMs: whole('reconnect.jitterMs', reconnect.jitterMs, 1000, 0),
    ackWaitMs: options.ackWaitMs === undefined ? undefined : whole('ackWaitMs', options.ackWaitMs, 0, 100),
    instanceGraceMs: whole('instanceGraceMs', options.instanceGraceMs, 120_000),
    queueMessages: queueLimits.messages === undefined ? -1 : whole('queueLimits.messages', queueLimits.messages, 0),
    queueBytes: queueLimits.bytes === undefined ? -1 : whole('queueLimits.bytes', queueLimits.bytes, 0),
    duplicateWindowMs: whole('duplicateWindowMs', options.duplicateWindowMs, 120_000, 100),
  }
}

function addressesIn(url: unknown): string[] | undefined {
  if (url === undefined || typeof url === 'string') return url?.split(',')
  throw invalid("url is a text, with commas between several addresses; a list of them is given as 'servers'.")
}

function whole(name: string, given: number | undefined, otherwise: number, least = 1): number {
  if (given === undefined) return otherwise
  if (Number.isSafeInteger(given) && given >= least && (given <= longest || !name.endsWith('Ms'))) return given
  throw invalid(`${name} is a whole number from ${least}, not ${String(given)}.`)
}

function invalid(sentence: string): TransportError {
  return new TransportError('invalid-argument', sentence)
}
