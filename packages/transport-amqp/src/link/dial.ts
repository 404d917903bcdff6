import { type Clock, TransportError } from '@recordcast/transport'
import { type ChannelModel, connect } from 'amqplib'
import { asError, ignore, invalid, lost } from '../errors.js'
import type { Settings } from '../options.js'
import { within } from '../time.js'
import { gather } from './gather.js'

/** One connection that stands. It is lost once, for whatever reason, and then nothing of it remains. */
export interface Line {
  readonly model: ChannelModel
  readonly version: string | undefined
  /** The broker hangs up when it has heard nothing for two of these; 0: it never does. */
  readonly heartbeatMs: number
  readonly dead: boolean
  readonly blocked: boolean
  /**
   * Tells the reason when the connection is gone, at once if it is. Returns the way to stop listening: a promise would keep whoever waits
   * for it as long as the connection lasts, and thousands of channels come and go meanwhile.
   */
  onLost(hear: (reason: Error) => void): () => void
  /** Says goodbye, for at most two seconds. */
  close(): Promise<void>
}

const goodbyeMs = 2000
const refusals = /ACCESS[_-]REFUSED|NOT[_-]ALLOWED/

/**
 * Opens one connection. Rejects with invalid-argument when the broker refuses the credentials or the vhost, otherwise
 * with connection-lost. The socket hangs on an AbortSignal, because amqplib never destroys one whose other end is silent;
 * `leave` ends an attempt that is under way.
 */
export async function dial(
  settings: Settings,
  url: string,
  label: string,
  leave: AbortSignal,
  told: (blocked: boolean, reason: string) => void,
): Promise<Line> {
  const { clock, tls, connectTimeoutMs } = settings
  const cord = new AbortController()
  const cut = (): void => cord.abort()
  leave.addEventListener('abort', cut)
  const socket = {
    ...tls,
    ca: listed(tls?.ca),
    noDelay: true,
    keepAlive: true,
    clientProperties: { connection_name: `recordcast ${label}` },
    signal: cord.signal,
  }
  try {
    const opening = connect(url, socket)
    const late = (): Error => new Error(`no answer within ${connectTimeoutMs} ms`)
    const model = await within(clock, connectTimeoutMs, opening, late)
    gather(model)
    return stand(clock, model, heartbeatOf(url), cord, told)
  } catch (error) {
    cord.abort()
    throw asRefusal(url, error)
  } finally {
    leave.removeEventListener('abort', cut)
  }
}

function stand(
  clock: Clock,
  model: ChannelModel,
  heartbeatMs: number,
  cord: AbortController,
  told: (blocked: boolean, reason: string) => void,
): Line {
  let dead = false
  let blocked = false
  let reason: Error | undefined
  const hearers = new Set<(reason: Error) => void>()
  let resolveLost: (error: Error) => void = ignore
  const gone = new Promise<Error>((resolve) => {
    resolveLost = resolve
  })
  void gone.then((why) => {
    for (const hear of [...hearers]) hear(why)
    hearers.clear()
  })
  model.on('error', (error) => {
    reason ??= error
  })
  model.on('close', (error) => {
    dead = true
    resolveLost(reason ?? asError(error ?? 'closed'))
    // What was written last, such as the answer to a goodbye, gets its chance; then the socket goes in any case.
    clock.defer(() => cord.abort())
  })
  model.on('blocked', (why) => {
    blocked = true
    told(true, why)
  })
  model.on('unblocked', () => {
    blocked = false
    told(false, '')
  })
  return {
    model,
    version: model.connection.serverProperties.version,
    heartbeatMs,
    get dead() {
      return dead
    },
    get blocked() {
      return blocked
    },
    onLost(hear) {
      if (dead) void gone.then(hear)
      else hearers.add(hear)
      return () => hearers.delete(hear)
    },
    async close() {
      if (!dead) await within(clock, goodbyeMs, model.close(), () => new Error('no goodbye')).catch(ignore)
      dead = true
      resolveLost(new Error('closed'))
      cord.abort()
    },
  }
}

function heartbeatOf(url: string): number {
  return Number(new URL(url).searchParams.get('heartbeat')) * 1000
}

// Node's types take only lists that can be written to.
function listed(ca: NonNullable<Settings['tls']>['ca']): string | Buffer | (string | Buffer)[] | undefined {
  return ca === undefined || typeof ca === 'string' || Buffer.isBuffer(ca) ? ca : [...ca]
}

function asRefusal(url: string, error: unknown): TransportError {
  if (error instanceof TransportError) return error
  const { host } = new URL(url)
  const { message } = asError(error)
  if (refusals.test(message)) return invalid(`The broker at ${host} refuses the credentials or the vhost: ${message}`)
  return lost(`The broker at ${host} cannot be reached`, asError(error))
}
