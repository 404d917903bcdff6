import { type Clock, systemClock } from '@recordcast/transport'
import { invalid } from './errors.js'
import { type Names, namesOf } from './names.js'
import type { Backoff } from './time.js'

/** What `onState` is told: all connections stand, one was lost, the broker takes no messages, takes them again, the end. */
export type AmqpState = 'connected' | 'reconnecting' | 'blocked' | 'unblocked' | 'closed'

export interface AmqpTransportOptions {
  /**
   * amqp:// or amqps://, with credentials, vhost and AMQP parameters in the query; of several, the members of a cluster,
   * the next is tried when one fails. `heartbeat` in the query is in seconds; default 10.
   */
  readonly url: string | readonly string[]
  /** Transports of one namespace see each other. At most 60 bytes as encoded. Default 'recordcast'. */
  readonly namespace?: string
  /** What durable queues are. Default 'quorum'. 'classic' queues live on one node only. */
  readonly queueType?: 'quorum' | 'classic'
  /** For amqps: the authority's certificate, and the client's own with its key, as PEM. */
  readonly tls?: {
    readonly ca?: string | Buffer | readonly (string | Buffer)[]
    readonly cert?: string | Buffer
    readonly key?: string | Buffer
    readonly passphrase?: string
  }
  /** Copies that may be unconfirmed at once, by number (default 2,000) and bytes of body (16 MiB); as many again may wait. */
  readonly window?: { readonly messages?: number; readonly bytes?: number }
  /** How long a copy, and any other call to the broker, waits for its answer. Default 30,000. */
  readonly confirmTimeoutMs?: number
  /** How long the first connection may take, with as many attempts as fit. Later ones have no end. Default 10,000. */
  readonly connectTimeoutMs?: number
  /** Wait between attempts to connect: doubling from minMs (default 100) to maxMs (15,000), half of it by chance. */
  readonly reconnect?: { readonly minMs?: number; readonly maxMs?: number }
  /** The delays that a retry is made of, one queue each, shared by the namespace. Default 250 ms to 1 h in seven steps. */
  readonly retryDelaysMs?: readonly number[]
  /** How long an instance queue outlives the death of its process, and how long a link may be down. Default 180,000. */
  readonly instanceGraceMs?: number
  /** A board of many more entries than facts is rewritten when it has more than so many entries. Default 10,000. */
  readonly compactBoardsAfter?: number
  /** Largest body, if smaller than the broker's own limit. */
  readonly maxBodyBytes?: number
  readonly clock?: Clock
  /** Told of the connections' state; must not throw. `detail` is for people. */
  readonly onState?: (state: AmqpState, detail: string) => void
  /** Told of what nobody else is told of: an error without an onError, or an onError that threw. */
  readonly onWarning?: (error: Error) => void
}

/** The options, checked and complete. */
export interface Settings {
  readonly urls: readonly string[]
  readonly names: Names
  readonly queueType: 'quorum' | 'classic'
  readonly tls: AmqpTransportOptions['tls']
  readonly window: { readonly messages: number; readonly bytes: number }
  readonly patienceMs: number
  readonly connectTimeoutMs: number
  readonly reconnect: Backoff
  readonly rungs: readonly number[]
  readonly instanceGraceMs: number
  readonly compactBoardsAfter: number
  readonly maxBodyBytes: number
  readonly clock: Clock
  readonly onState: (state: AmqpState, detail: string) => void
  readonly onWarning: ((error: Error) => void) | undefined
}

const longestTtl = 2 ** 32 - 1
const minute = 60_000

/** Throws invalid-argument for what makes no sense, without showing a URL, which may hold a password. */
export function checkOptions(options: AmqpTransportOptions): Settings {
  const { url, namespace = 'recordcast', queueType = 'quorum', onState = () => {} } = options
  if (queueType !== 'quorum' && queueType !== 'classic')
    throw invalid(`queueType is 'quorum' or 'classic', not ${String(queueType)}.`)
  const urls = (typeof url === 'string' ? [url] : [...(url ?? [])]).map(checkUrl)
  if (urls.length === 0) throw invalid('url is missing: amqp://user:password@host:5672/vhost.')
  const minMs = count('reconnect.minMs', options.reconnect?.minMs ?? 100)
  const delays = options.retryDelaysMs ?? [250, 1000, 5000, 30_000, 2 * minute, 10 * minute, 60 * minute]
  const rungs = [...new Set(delays.map((delay) => count('a retry delay', delay, longestTtl)))].sort((a, b) => a - b)
  if (rungs.length === 0) throw invalid('retryDelaysMs needs at least one delay.')
  return {
    urls,
    names: namesOf(namespace),
    queueType,
    tls: options.tls,
    window: {
      messages: count('window.messages', options.window?.messages ?? 2000),
      bytes: count('window.bytes', options.window?.bytes ?? 16 * 1024 * 1024),
    },
    patienceMs: count('confirmTimeoutMs', options.confirmTimeoutMs ?? 30_000),
    connectTimeoutMs: count('connectTimeoutMs', options.connectTimeoutMs ?? 10_000),
    reconnect: { minMs, maxMs: Math.max(minMs, count('reconnect.maxMs', options.reconnect?.maxMs ?? 15_000)) },
    rungs,
    instanceGraceMs: count('instanceGraceMs', options.instanceGraceMs ?? 3 * minute, longestTtl),
    compactBoardsAfter: count('compactBoardsAfter', options.compactBoardsAfter ?? 10_000),
    maxBodyBytes: count('maxBodyBytes', options.maxBodyBytes ?? Number.MAX_SAFE_INTEGER),
    clock: options.clock ?? systemClock,
    onState,
    onWarning: options.onWarning,
  }
}

function count(what: string, value: number, most = Number.MAX_SAFE_INTEGER): number {
  if (Number.isSafeInteger(value) && value >= 1 && value <= most) return value
  throw invalid(`${what} is a whole number from 1, not ${String(value)}.`)
}

function checkUrl(text: unknown): string {
  const url = typeof text === 'string' && URL.canParse(text) ? new URL(text) : undefined
  if (url === undefined || (url.protocol !== 'amqp:' && url.protocol !== 'amqps:') || url.hostname === '')
    throw invalid('url is amqp://user:password@host:5672/vhost, or amqps://; the one given is not.')
  // amqplib takes a heartbeat from here only: in its socket options the word does nothing.
  if (!url.searchParams.has('heartbeat')) url.searchParams.set('heartbeat', '10')
  return url.href
}
