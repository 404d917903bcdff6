import { isIP } from 'node:net'
import { checkServerIdentity, type PeerCertificate } from 'node:tls'

type CheckIdentity = typeof checkServerIdentity

/**
 * Whose certificate is taken. To an address in figures @nats-io gives TLS no name, which Node reads as 'localhost': then a server
 * has to be one of the addresses that were given.
 */
export function identityAmong(servers: readonly string[]): CheckIdentity {
  const hosts = servers.map((server) => server.replace(/:\d+$/, '').replace(/^\[|\]$/g, ''))
  const nameless = hosts.filter((host) => isIP(host) > 0 || host === 'localhost')
  return (name: string, certificate: PeerCertificate) => {
    const names = name === 'localhost' && nameless.length > 0 ? nameless : [name]
    const refusals = names.map((each) => checkServerIdentity(each, certificate))
    return refusals.includes(undefined) ? undefined : refusals[0]
  }
}
