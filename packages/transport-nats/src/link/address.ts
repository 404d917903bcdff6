import { TransportError } from '@recordcast/transport'

export type Auth =
  | { readonly user: string; readonly password: string }
  | { readonly token: string }
  /** The seed of an nkey, 'SU…'. */
  | { readonly nkeySeed: string }
  /** The text of a .creds file. */
  | { readonly creds: string }

export interface Servers {
  /** host:port, without a scheme and without credentials. */
  readonly servers: readonly string[]
  readonly auth: Auth | undefined
  /** Whether an address asked for TLS. */
  readonly secure: boolean
  /** A text with everything secret taken out. */
  readonly scrub: (text: string) => string
}

const schemes: Readonly<Record<string, boolean>> = { 'nats:': false, 'tls:': true }

/**
 * Reads server addresses. What logs in is taken out of them, so that no address that is shown or logged holds it; `nats://token@host`
 * is a token. Throws invalid-argument without showing the address.
 */
export function readServers(given: readonly string[] = ['127.0.0.1:4222'], auth: Auth | undefined): Servers {
  if (!Array.isArray(given) || given.length === 0) throw invalid('servers is a list of at least one address.')
  let found: Auth | undefined
  let secure = false
  const servers = given.map((address: unknown) => {
    const url = parse(address)
    if (url === undefined || !Object.hasOwn(schemes, url.protocol) || url.hostname === '')
      throw invalid("A NATS server's address reads nats://host:port or tls://host:port; one of those given does not.")
    secure ||= schemes[url.protocol] === true
    const [user, password] = [decode(url.username), decode(url.password)]
    if (user !== '') found ??= url.password === '' ? { token: user } : { user, password }
    return `${url.hostname}:${url.port === '' ? '4222' : url.port}`
  })
  const used = auth ?? found
  return { servers, auth: used, secure, scrub: scrubber([used, found]) }
}

function parse(address: unknown): URL | undefined {
  if (typeof address !== 'string') return undefined
  const text = address.trim()
  const full = text.includes('://') ? text : `nats://${text}`
  return URL.canParse(full) ? new URL(full) : undefined
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    return part
  }
}

function scrubber(auths: readonly (Auth | undefined)[]): (text: string) => string {
  const secrets = auths
    .flatMap((auth) => Object.entries(auth ?? {}))
    .filter(([name, value]) => name !== 'user' && typeof value === 'string' && value !== '')
    .flatMap(([, value]: [string, string]) => [value, encodeURIComponent(value), ...value.split(/\s+/)])
    .filter((secret) => secret !== '' && !secret.startsWith('---'))
    .sort((a, b) => b.length - a.length)
  return (text) => secrets.reduce((left, secret) => left.replaceAll(secret, '***'), text)
}

function invalid(sentence: string): TransportError {
  return new TransportError('invalid-argument', sentence)
}
