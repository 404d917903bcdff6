import { jetstreamManager } from '@nats-io/jetstream'
import { type Transport, TransportError } from '@recordcast/transport'
import { connectTo } from './link/connect.js'
import { asError, unconfirmed } from './link/errors.js'
import { Link } from './link/link.js'
import { type NatsTransportOptions, readOptions } from './options.js'
import { guarded, Party } from './party.js'
import { NatsTransport } from './transport.js'

/**
 * A transport on NATS JetStream, connected. It mends its link for ever; only this first time it must find a server.
 *
 * Rejects with invalid-argument for options that make no sense or a login that is refused, with connection-lost when no server
 * can be reached, with not-confirmed when JetStream does not answer there.
 */
export async function createNatsTransport(options: NatsTransportOptions = {}): Promise<Transport> {
  const settings = readOptions(options)
  const nc = await connectTo(settings)
  const warn = (thrown: Error): void => {
    const sentence = settings.scrub(asError(thrown).message)
    guarded(
      () => settings.onWarning?.(thrown instanceof TransportError ? thrown : new Error(sentence)),
      () => {},
    )
  }
  const link = new Link(nc, settings, (state) => guarded(() => settings.onState?.(state), warn), warn)
  let party: Party
  try {
    party = new Party(link, await jetstreamManager(nc, { checkAPI: false }), settings)
    // As long as it is heard, its instance queues live.
    link.subscribe(party.names.party(party.id), (message) => void message.respond())
    await link.flush()
  } catch (error) {
    // Else it would go on by itself: it is told to reconnect for ever.
    await link.close()
    throw unconfirmed(error, 'The transport could not be set up', settings.scrub)
  }
  guarded(() => settings.onState?.('connected'), warn)
  sayWhatLacks(party, nc.info?.version ?? '')
  return new NatsTransport(party)
}

/** Servers before 2.10 cannot sync to disk before they confirm. */
function sayWhatLacks(party: Party, version: string): void {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  if (major > 2 || (major === 2 && minor >= 10)) return
  party.warnOnce(
    `The NATS server is ${version}: it cannot be told to write to disk before it confirms (sync_interval is of 2.10), so a power failure may take what was confirmed last.`,
  )
}
