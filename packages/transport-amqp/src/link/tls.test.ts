import { connect } from 'node:net'
import { createServer, type TLSSocket } from 'node:tls'
import { describe, expect, test } from 'vitest'
import { createAmqpTransport } from '../index.js'
import { brokerUrl, freshNamespace, leftOut } from '../testdata/broker.js'
import { makeCertificates } from '../testdata/certificates.js'

const certificates = leftOut ? undefined : makeCertificates()

describe.skipIf(leftOut)('amqps', () => {
  test.skipIf(certificates === undefined)(
    'asks for the authority’s signature and shows a client certificate (needs openssl)',
    async () => {
      if (certificates === undefined) return
      const { ca, server, client } = certificates
      const broker = new URL(brokerUrl)
      const open = new Set<TLSSocket>()
      const terminator = createServer({ ...server, ca, requestCert: true, rejectUnauthorized: true }, (socket) => {
        open.add(socket)
        const upstream = connect(Number(broker.port || 5672), broker.hostname)
        for (const [from, to] of [
          [socket, upstream],
          [upstream, socket],
        ] as const) {
          from.on('error', () => {})
          from.on('close', () => to.destroy())
          from.pipe(to)
        }
      })
      terminator.on('tlsClientError', () => {})
      await new Promise<void>((resolve) => terminator.listen(0, '127.0.0.1', resolve))
      const address = terminator.address()
      const port = typeof address === 'object' && address !== null ? address.port : 0
      const url = `amqps://${broker.username}:${broker.password}@127.0.0.1:${port}`
      const namespace = freshNamespace()
      try {
        const transport = await createAmqpTransport({ url, namespace, tls: { ca, ...client } })
        expect(await transport.inspect('absent')).toBeUndefined()
        await transport.close()
        for (const tls of [undefined, { ca }, { ...client }]) {
          const error = await createAmqpTransport({ url, namespace, tls, connectTimeoutMs: 500 }).catch(
            (thrown) => thrown,
          )
          expect(error.code).toBe('connection-lost')
        }
      } finally {
        for (const socket of open) socket.destroy()
        await new Promise((resolve) => terminator.close(resolve))
      }
    },
  )
})
