import { inspect } from 'node:util'
import { expect, onTestFinished, test } from 'vitest'
import { createNatsTransport, type NatsTransportOptions } from '../index.js'
import { withBroker } from '../testdata/broker.js'
import { makeCertificates } from '../testdata/certificates.js'
import { writeFiles } from '../testdata/config.js'
import { makeNkey, makeOperator } from '../testdata/creds.js'
import { startServer } from '../testdata/server.js'
import { message, until } from '../testdata/until.js'

const certificates = makeCertificates()
const quick = { pingIntervalMs: 200, reconnect: { waitMs: 20, jitterMs: 20 } }

async function startConfigured(config: string) {
  const [path = ''] = await writeFiles({ 'server.conf': config })
  return startServer('-c', path)
}

/** Logs in, and does what needs the account. */
async function works(options: NatsTransportOptions): Promise<void> {
  const transport = await createNatsTransport({ ...quick, ...options })
  try {
    await transport.declare('q')
    expect(await transport.publish(['q'], message('m'))).toEqual({ gone: [], failed: [] })
  } finally {
    await transport.close()
  }
}

/** Everything that is said of a login that fails, as somebody with a debugger would see it. */
async function refused(options: NatsTransportOptions): Promise<{ readonly code: unknown; readonly said: string }> {
  const warnings: unknown[] = []
  const onWarning = (error: Error): void => void warnings.push(error)
  const error: unknown = await createNatsTransport({ ...quick, ...options, onWarning }).then(
    (transport) => transport.close().then(() => undefined),
    (thrown: unknown) => thrown,
  )
  return { code: (error as { code?: unknown } | undefined)?.code, said: shown([error, ...warnings]) }
}

const shown = (said: unknown): string => `${inspect(said, { depth: 20, showHidden: true })} ${String(said)}`

withBroker('logins', () => {
  test('an nkey logs in, and another is refused', async () => {
    const { seed, publicKey } = makeNkey()
    const server = await startConfigured(`authorization { users: [{ nkey: ${publicKey} }] }`)
    await works({ url: server.address, auth: { nkeySeed: seed } })
    const other = makeNkey()
    const { code, said } = await refused({ url: server.address, auth: { nkeySeed: other.seed } })
    expect(code).toBe('invalid-argument')
    expect(said).not.toContain(other.seed)
    expect((await refused({ url: server.address })).code).toBe('invalid-argument')
  })

  test('creds log in to an account of an operator, and those of another operator are refused', async () => {
    const operator = makeOperator()
    const server = await startConfigured(operator.config)
    await works({ url: server.address, auth: { creds: operator.user() } })
    const creds = makeOperator().user()
    const { code, said } = await refused({ url: server.address, auth: { creds } })
    expect(code).toBe('invalid-argument')
    for (const secret of secretsOf(creds)) expect(said).not.toContain(secret)
  })

  test('no secret is shown by a login that is refused, however it is given', async () => {
    const server = await startServer('--user', 'me', '--pass', 'right-w0rt')
    const { seed } = makeNkey()
    const creds = makeOperator().user()
    const wrong: readonly (readonly [NatsTransportOptions, readonly string[]])[] = [
      [{ url: `nats://me:wr0ng-w0rt@${server.address}` }, ['wr0ng-w0rt']],
      [{ url: `nats://t0ken-t0ken@${server.address}` }, ['t0ken-t0ken']],
      [{ url: server.address, auth: { user: 'me', password: 'wr0ng-w0rt' } }, ['wr0ng-w0rt']],
      [{ url: server.address, auth: { token: 't0ken-t0ken' } }, ['t0ken-t0ken']],
      [{ url: server.address, auth: { nkeySeed: seed } }, [seed]],
      [{ url: server.address, auth: { nkeySeed: `${seed}x` } }, [seed]],
      [{ url: server.address, auth: { creds } }, secretsOf(creds)],
      [{ url: server.address, auth: { creds: creds.slice(40) } }, secretsOf(creds)],
    ]
    for (const [options, secrets] of wrong) {
      const { code, said } = await refused(options)
      expect(code).toBe('invalid-argument')
      for (const secret of secrets) expect(said).not.toContain(secret)
    }
  })

  test.skipIf(certificates === undefined)('TLS asks for the authority’s signature (needs openssl)', async () => {
    const { ca, server: own } = certificates!
    const [cert = '', key = ''] = await writeFiles({ cert: own.cert, key: own.key })
    const server = await startServer('--tls', '--tlscert', cert, '--tlskey', key)
    await works({ url: `tls://${server.address}`, tls: { ca } })
    await works({ url: server.address, tls: { ca } })
    for (const tls of [undefined, {}]) {
      const { code } = await refused({ url: `tls://${server.address}`, ...(tls && { tls }) })
      expect(code).toBe('connection-lost')
    }
  })

  test.skipIf(certificates === undefined)(
    'TLS shows a client certificate (needs openssl)',
    async () => {
      const { ca, server: own, client } = certificates!
      const [cert = '', key = '', authority = ''] = await writeFiles({ cert: own.cert, key: own.key, ca })
      const server = await startServer('--tlsverify', '--tlscert', cert, '--tlskey', key, '--tlscacert', authority)
      await works({ url: `tls://${server.address}`, tls: { ca, ...client } })
      const { code, said } = await refused({ url: `tls://${server.address}`, tls: { ca } })
      // The end of the link may be noticed as late as the client's own patience, which is five seconds.
      expect(code).toBe('connection-lost')
      expect(said).not.toContain(client.key)
    },
    20_000,
  )

  test('who asks for TLS tells no server without it how to log in', async () => {
    const server = await startServer('--user', 'me', '--pass', 's3cr3t-wort')
    for (const options of [
      { url: `tls://me:s3cr3t-wort@${server.address}` },
      { url: `nats://me:s3cr3t-wort@${server.address}`, tls: {} },
    ]) {
      const { code, said } = await refused(options)
      expect(code).toBe('connection-lost')
      expect(said).not.toContain('s3cr3t-wort')
    }
  })

  test('a login that is refused when the link comes back is told without its secret, and mends itself', async () => {
    const mine = ['--user', 'me', '--pass', 's3cr3t-wort']
    const server = await startServer(...mine)
    const warnings: unknown[] = []
    const url = `nats://me:s3cr3t-wort@${server.address}`
    const onWarning = (error: Error): void => void warnings.push(error)
    const transport = await createNatsTransport({ url, ...quick, onWarning })
    onTestFinished(() => transport.close())
    await transport.declare('q')
    await server.crash()
    await server.start(['--user', 'me', '--pass', 'another-w0rt'])
    await until('the refusal is told', () => warnings.some((error) => /authorization/i.test(String(error))))
    await server.crash()
    await server.start(mine)
    await until('it is mended', async () => (await transport.publish(['q'], message('m'))).failed.length === 0)
    expect(shown(warnings)).not.toMatch(/s3cr3t-wort|another-w0rt/)
  })
})

/** The token and the seed. */
function secretsOf(creds: string): readonly string[] {
  const lines = creds.split('\n').filter((line) => line !== '' && !line.startsWith('--'))
  expect(lines).toHaveLength(2)
  return lines
}
