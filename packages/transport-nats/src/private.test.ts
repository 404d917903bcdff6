import { inspect } from 'node:util'
import type { Transport } from '@recordcast/transport'
import { expect, onTestFinished, test } from 'vitest'
import { createNatsTransport, type NatsTransportOptions } from './index.js'
import { withBroker } from './testdata/broker.js'
import { startServer } from './testdata/server.js'
import { message, until } from './testdata/until.js'

const quick = { pingIntervalMs: 200, confirmTimeoutMs: 500, reconnect: { waitMs: 20, jitterMs: 20 }, ackWaitMs: 1500 }

/** A transport that is closed with the test, before its server ends. */
async function open(options: NatsTransportOptions): Promise<Transport> {
  const transport = await createNatsTransport(options)
  onTestFinished(() => transport.close())
  return transport
}

withBroker('a server of our own', () => {
  test('user and password log in, in the URL and beside it; a wrong one is refused and not shown', async () => {
    const server = await startServer('--user', 'me', '--pass', 's3cr3t-wort')
    for (const options of [
      { url: `nats://me:s3cr3t-wort@${server.address}` },
      { url: server.address, auth: { user: 'me', password: 's3cr3t-wort' } },
    ])
      await (await createNatsTransport(options)).close()
    const url = `nats://me:wr0ng-wort@${server.address}`
    const error: unknown = await createNatsTransport({ url }).catch((thrown: unknown) => thrown)
    expect(error).toMatchObject({ code: 'invalid-argument' })
    expect(inspect(error, { depth: 10, showHidden: true })).not.toMatch(/wr0ng-wort/)
  })

  test('a token logs in', async () => {
    const server = await startServer('--auth', 't0ken-t0ken')
    await (await createNatsTransport({ url: `nats://t0ken-t0ken@${server.address}` })).close()
    await (await createNatsTransport({ url: server.address, auth: { token: 't0ken-t0ken' } })).close()
    await expect(createNatsTransport({ url: server.address })).rejects.toMatchObject({ code: 'invalid-argument' })
  })

  test('what was confirmed outlives kill -9 of the server, and the transport goes on by itself', async () => {
    const server = await startServer()
    const transport = await open({ url: server.address, ...quick })
    const handled = new Set<string>()
    await transport.declare('crash')
    const confirmed: string[] = []
    for (let n = 0; n < 200; n++)
      if ((await transport.publish(['crash'], message(`${n}`))).failed.length === 0) confirmed.push(`${n}`)
    await server.crash()
    await until('it fails', async () => (await transport.publish(['crash'], message('down'))).failed.length === 1)
    await server.start()
    await until('it is mended', async () => (await transport.publish(['crash'], message('up'))).failed.length === 0)
    await transport.consume('crash', { concurrency: 10 }, async ({ message: { id } }) => {
      handled.add(id)
      return { do: 'ack' }
    })
    await until('all are handled', () => confirmed.every((id) => handled.has(id)))
  })

  test('a retry that waits keeps its attempt and its time through a restart of the server', async () => {
    const server = await startServer()
    const transport = await open({ url: server.address, ...quick })
    const came: { attempt: number; at: number }[] = []
    await transport.consume('wait', { concurrency: 1 }, async ({ attempt }) => {
      came.push({ attempt, at: performance.now() })
      return attempt < 2 ? { do: 'retry', afterMs: 4000, why: 'later' } : { do: 'ack' }
    })
    await transport.publish(['wait'], message('m'))
    await until('it waits', async () => came.length === 1 && (await transport.inspect('wait'))?.unsettled === 1)
    await server.crash()
    await server.start()
    // The crash may have taken the ack of the first delivery with it: that one comes again, and makes no second copy.
    const later = (): typeof came => came.filter(({ attempt }) => attempt === 2)
    await until('it has come back', () => later().length === 1)
    expect(later()[0]!.at - came[0]!.at).toBeGreaterThanOrEqual(3990)
    await until('it is done', async () => (await transport.inspect('wait'))?.unsettled === 0)
    expect(later().length).toBe(1)
  })

  test('a server that is frozen is unknown, never a success: publishes fail retryably and go through when it wakes', async () => {
    const server = await startServer()
    const transport = await open({ url: server.address, ...quick })
    await transport.declare('frozen')
    await server.freeze()
    const { failed } = await transport.publish(['frozen'], message('m'))
    expect(failed[0]?.error.retryable).toBe(true)
    server.thaw()
    await until('it goes through', async () => (await transport.publish(['frozen'], message('m'))).failed.length === 0)
    expect((await transport.inspect('frozen'))?.ready).toBe(1)
  })

  test('the window bounds what waits: beyond it publish says buffer-full, and is open again afterwards', async () => {
    const server = await startServer()
    const transport = await open({ url: server.address, ...quick, window: { messages: 10 } })
    await transport.declare('window')
    await server.freeze()
    const reports = Array.from({ length: 30 }, (_, n) => transport.publish(['window'], message(`${n}`)))
    const codes = (await Promise.all(reports)).map(({ failed }) => failed[0]?.error.code)
    expect(codes.filter((code) => code === 'buffer-full').length).toBe(20)
    server.thaw()
    await until('it goes through', async () => (await transport.publish(['window'], message('m'))).failed.length === 0)
  })

  test('the state of the link is told: up, down, up again, closed', async () => {
    const server = await startServer()
    const states: string[] = []
    const transport = await open({ url: server.address, ...quick, onState: (state) => void states.push(state) })
    await server.crash()
    await until('it is down', () => states.length === 2)
    await server.start()
    await until('it is up again', () => states.length === 3)
    await transport.close()
    expect(states).toEqual(['connected', 'disconnected', 'connected', 'closed'])
  })

  test('what an old server lacks is said once', async () => {
    const server = await startServer()
    const warnings: string[] = []
    const transport = await open({
      url: server.address,
      onWarning: ({ message: said }) => void warnings.push(said),
    })
    for (const queue of ['a', 'b']) await transport.declare(queue)
    expect(warnings.filter((said) => said.includes('sync_interval')).length).toBeLessThanOrEqual(1)
    expect(new Set(warnings).size).toBe(warnings.length)
  })
})
