import { randomUUID } from 'node:crypto'
import { nkeys } from '@nats-io/transport-node'

type Keys = ReturnType<typeof nkeys.createUser>

/** Seed and public key of a user. */
export function makeNkey(): { readonly seed: string; readonly publicKey: string } {
  const keys = nkeys.createUser()
  return { seed: new TextDecoder().decode(keys.getSeed()), publicKey: keys.getPublicKey() }
}

/** A throw-away operator with one account: what its server reads, and the .creds files of users it has let in. */
export interface Operator {
  /** Lines of nats-server's configuration. */
  readonly config: string
  /** Makes the text of a .creds file for a new user of the account. */
  user(): string
}

export function makeOperator(): Operator {
  const operator = nkeys.createOperator()
  const account = nkeys.createAccount()
  const system = nkeys.createAccount()
  const limits = { subs: -1, conn: -1, leaf: -1, imports: -1, exports: -1, data: -1, payload: -1, wildcards: true }
  const storage = { mem_storage: -1, disk_storage: -1, streams: -1, consumer: -1 }
  const accounts = [
    [account, { limits: { ...limits, ...storage } }],
    [system, { limits }],
  ] as const
  const preloaded = accounts.map(([keys, claims]) => `${keys.getPublicKey()}: ${tokenOf(operator, keys, 'account', claims)}`)
  return {
    config: [
      `operator: ${tokenOf(operator, operator, 'operator', {})}`,
      `system_account: ${system.getPublicKey()}`,
      'resolver: MEMORY',
      `resolver_preload: {\n${preloaded.join('\n')}\n}`,
    ].join('\n'),
    user() {
      const user = nkeys.createUser()
      const token = tokenOf(account, user, 'user', { pub: {}, sub: {}, subs: -1, data: -1, payload: -1 })
      return credsOf(token, new TextDecoder().decode(user.getSeed()))
    },
  }
}

function credsOf(token: string, seed: string): string {
  const framed = (what: string, text: string) => `-----BEGIN ${what}-----\n${text}\n------END ${what}------\n`
  return `${framed('NATS USER JWT', token)}\n${framed('USER NKEY SEED', seed)}`
}

/** A JWT as nats-server reads it: signed with an nkey, claims of version 2. */
function tokenOf(issuer: Keys, subject: Keys, type: string, claims: object): string {
  const encoded = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url')
  const payload = {
    jti: randomUUID(),
    iat: Math.floor(Date.now() / 1000),
    iss: issuer.getPublicKey(),
    sub: subject.getPublicKey(),
    name: type,
    nats: { ...claims, type, version: 2 },
  }
  const signed = `${encoded({ typ: 'JWT', alg: 'ed25519-nkey' })}.${encoded(payload)}`
  return `${signed}.${Buffer.from(issuer.sign(Buffer.from(signed))).toString('base64url')}`
}
