import { JetStreamApiError, jetstreamManager } from '@nats-io/jetstream'
import {
  type Authenticator,
  AuthorizationError,
  type ConnectionOptions,
  connect,
  credsAuthenticator,
  type NatsConnection,
  nkeyAuthenticator,
  tokenAuthenticator,
  usernamePasswordAuthenticator,
} from '@nats-io/transport-node'
import { TransportError } from '@recordcast/transport'
import type { Settings } from '../options.js'
import type { Auth } from './address.js'
import { identityAmong } from './identity.js'

const connectTimeoutMs = 5000

/**
 * A connection to one of the servers, on which JetStream answers. Rejects with connection-lost when none can be reached, with
 * invalid-argument when the login is refused or cannot be read, with not-confirmed when JetStream is off.
 */
export async function connectTo(settings: Settings): Promise<NatsConnection> {
  const { servers, scrub } = settings
  const options = connectionOptions(settings)
  let nc: NatsConnection
  try {
    nc = await connect(options)
  } catch (error) {
    const said = error instanceof Error ? scrub(error.message) : 'no reason given'
    if (error instanceof AuthorizationError)
      throw new TransportError(
        'invalid-argument',
        `The NATS server at ${servers.join(', ')} refused the login: ${said}.`,
      )
    throw new TransportError('connection-lost', `No NATS server could be reached at ${servers.join(', ')}: ${said}.`)
  }
  try {
    const manager = await jetstreamManager(nc, { checkAPI: false })
    await Promise.race([manager.getAccountInfo(), broken(nc)])
    return nc
  } catch (error) {
    await nc.close()
    if (error instanceof TransportError) throw error
    const said = error instanceof JetStreamApiError ? scrub(error.message) : 'it does not answer'
    throw new TransportError(
      'not-confirmed',
      `JetStream cannot be used at ${servers.join(', ')}: ${said}. It is switched on with -js.`,
    )
  }
}

/** Rejects with connection-lost when the link breaks: whoever asks over it would wait for an answer that cannot come. */
async function broken(nc: NatsConnection): Promise<never> {
  for await (const { type } of nc.status()) if (type === 'disconnect') break
  throw new TransportError('connection-lost', 'The link to the NATS server broke before JetStream had answered.')
}

function connectionOptions(settings: Settings): ConnectionOptions {
  const { servers, auth, tls, secure, pingIntervalMs, reconnectWaitMs, reconnectJitterMs } = settings
  return {
    servers: [...servers],
    name: 'recordcast',
    timeout: connectTimeoutMs,
    pingInterval: pingIntervalMs,
    maxPingOut: 2,
    maxReconnectAttempts: -1,
    ignoreAuthErrorAbort: true,
    noAsyncTraces: true,
    reconnectDelayHandler: () => Math.ceil(reconnectWaitMs + Math.random() * reconnectJitterMs),
    ...(tls !== undefined || secure ? { tls: tlsOptions(settings) } : {}),
    ...(auth === undefined ? {} : { authenticator: authenticatorOf(auth) }),
  }
}

/** What Node's TLS gets; @nats-io hands on what it does not know. */
function tlsOptions({ servers, tls }: Settings) {
  return { ...tls, checkServerIdentity: identityAmong(servers) }
}

function authenticatorOf(auth: Auth): Authenticator {
  if ('token' in auth) return tokenAuthenticator(auth.token)
  if ('user' in auth) return usernamePasswordAuthenticator(auth.user, auth.password)
  const bytes = new TextEncoder().encode('creds' in auth ? auth.creds : auth.nkeySeed)
  try {
    const authenticator = 'creds' in auth ? credsAuthenticator(bytes) : nkeyAuthenticator(bytes)
    authenticator('nonce')
    return authenticator
  } catch {
    throw new TransportError('invalid-argument', "The creds or the nkey's seed cannot be read; they are given as text.")
  }
}
