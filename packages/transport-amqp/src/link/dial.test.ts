import { once } from 'node:events'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { expect, test } from 'vitest'
import { checkOptions } from '../options.js'
import { dial } from './dial.js'

test('an attempt to connect ends at once, with its socket, when the link is closed', async () => {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const url = `amqp://127.0.0.1:${(server.address() as AddressInfo).port}`
  const accepted = once(server, 'connection') as Promise<[Socket]>
  const leave = new AbortController()
  const attempt = dial(checkOptions({ url, connectTimeoutMs: 60_000 }), url, 'publishing', leave.signal, () => {})
  const refused = expect(attempt).rejects.toMatchObject({ code: 'connection-lost' })
  const [client] = await accepted
  const gone = once(client.resume(), 'close')
  leave.abort()
  await refused
  await gone
  server.close()
})
