import { once } from 'node:events'
import { connect } from 'node:net'
import type { Change, Transport } from '@recordcast/transport'
import { afterAll, expect, test } from 'vitest'
import { createNatsTransport, type LinkState } from './index.js'
import { broker, scratchNamespace, withBroker } from './testdata/broker.js'
import { openProxy, type TestProxy } from './testdata/proxy.js'
import { message, until } from './testdata/until.js'

withBroker('a link that breaks', () => {
  const scratch = scratchNamespace()
  const proxies: TestProxy[] = []
  const states: LinkState[] = []

  async function throughProxy(): Promise<[Transport, TestProxy]> {
    const proxy = await openProxy(broker.host, broker.port)
    proxies.push(proxy)
    const transport = await scratch.open({
      url: proxy.url,
      ackWaitMs: 2000,
      confirmTimeoutMs: 1000,
      pingIntervalMs: 300,
      reconnect: { waitMs: 20, jitterMs: 30 },
      onState: (state) => void states.push(state),
    })
    return [transport, proxy]
  }

  afterAll(async () => {
    await scratch.tidy()
    await Promise.all(proxies.map((proxy) => proxy.close()))
  })

  test('a reset loses no message, not one in a handler, and every publish is confirmed or reported', async () => {
    const [transport, proxy] = await throughProxy()
    const handled = new Set<string>()
    await transport.consume('resets', { concurrency: 20 }, async ({ message: { id } }) => {
      await new Promise((resolve) => setTimeout(resolve, 2))
      handled.add(id)
      return { do: 'ack' }
    })
    const confirmed: string[] = []
    for (let n = 0; n < 400; n++) {
      if (n % 80 === 40) proxy.reset()
      const { gone, failed } = await transport.publish(['resets'], message(`m-${n}`))
      expect(gone).toEqual([])
      for (const { error } of failed) expect(error.retryable).toBe(true)
      if (failed.length === 0) confirmed.push(`m-${n}`)
      else
        await until(
          'the link is up',
          async () => (await transport.inspect('resets').catch(() => undefined)) !== undefined,
        )
    }
    expect(confirmed.length).toBeGreaterThan(350)
    await until('all that was confirmed is handled', () => confirmed.every((id) => handled.has(id)))
    expect(states).toContain('disconnected')
  })

  test('a server that hangs up on each who logs in is dialled again and again, without a pause of seconds', async () => {
    const [transport, proxy] = await throughProxy()
    const socket = connect(broker.port, broker.host)
    const [greeting] = await once(socket, 'data')
    socket.destroy()
    const before = proxy.connections
    proxy.cutAfterBytes = greeting.length + 20
    proxy.reset()
    // Each dial would take the library's 5 s: no more than five in this time.
    await until('it has been dialled ten times', () => proxy.connections >= before + 10)
    proxy.cutAfterBytes = Number.POSITIVE_INFINITY
    await until('it is mended', async () => (await transport.declare('dialled').catch(() => 'down')) !== 'down')
    expect((await transport.publish(['dialled'], message('after'))).failed).toEqual([])
  })

  test('a link that is half open is noticed by pings, and what waits on it fails at once as connection-lost', async () => {
    const [transport, proxy] = await throughProxy()
    await transport.declare('half')
    proxy.mode = 'drop'
    const { failed } = await transport.publish(['half'], message('lost'))
    expect(['connection-lost', 'not-confirmed']).toContain(failed[0]?.error.code)
    await until('the link counts as down', () => states.at(-1) === 'disconnected')
    const began = performance.now()
    expect((await transport.publish(['half'], message('down'))).failed[0]?.error.code).toBe('connection-lost')
    expect(performance.now() - began).toBeLessThan(2000)
    await expect(transport.request('nobody', message('q'), { timeoutMs: 60_000 })).rejects.toMatchObject({
      code: 'connection-lost',
    })
    proxy.mode = 'pass'
    proxy.reset()
    await until('it is mended', async () => (await transport.publish(['half'], message('after'))).failed.length === 0)
  })

  test('a link that takes nothing any more is noticed though much waits to be sent', async () => {
    const [transport, proxy] = await throughProxy()
    await transport.declare('full')
    const before = states.length
    proxy.stall()
    const body = new Uint8Array(500_000)
    // More than the buffers of both sockets hold.
    const publishes = Array.from({ length: 40 }, (_, n) => transport.publish(['full'], { ...message(`f-${n}`), body }))
    await until('the link counts as down', () => states.slice(before).includes('disconnected'))
    for (const { failed } of await Promise.all(publishes)) expect(failed[0]?.error.retryable).toBe(true)
    await until('it is mended', async () => (await transport.publish(['full'], message('after'))).failed.length === 0)
  })

  test('one that breaks while a transport is being made leaves no connection behind, wherever it breaks', async () => {
    const proxy = await openProxy(broker.host, broker.port)
    proxies.push(proxy)
    let rejected = 0
    // Behind the server's greeting, of which there are some 700 bytes.
    for (proxy.cutAfterBytes = 900; proxy.cutAfterBytes < 2000; proxy.cutAfterBytes += 50) {
      const made = createNatsTransport({ url: proxy.url, reconnect: { waitMs: 1, jitterMs: 1 } })
      await made.then(
        (transport) => transport.close(),
        (error) => {
          expect(['connection-lost', 'not-confirmed']).toContain(error.code)
          rejected++
        },
      )
    }
    expect(rejected).toBeGreaterThan(0)
    proxy.cutAfterBytes = Number.POSITIVE_INFINITY
    await until('no connection is open', () => proxy.open === 0)
  })

  test('a handler outlives a short break: its verdict is heard, and the message does not come again', async () => {
    const [transport, proxy] = await throughProxy()
    let runs = 0
    let open = (): void => {}
    const gate = new Promise<void>((resolve) => {
      open = resolve
    })
    await transport.consume('short', { concurrency: 1 }, async () => {
      runs++
      await gate
      return { do: 'ack' }
    })
    await transport.publish(['short'], message('m'))
    await until('it runs', () => runs === 1)
    const before = states.length
    proxy.reset()
    await until('the link broke', () => states.slice(before).includes('disconnected'))
    open()
    await until('it is acked', async () => {
      const report = await transport.inspect('short').catch(() => undefined)
      return report?.ready === 0 && report.unsettled === 0
    })
    await new Promise((resolve) => setTimeout(resolve, 2500))
    expect(runs).toBe(1)
  })

  test('a watcher that was cut off sees what changed meanwhile, removals too, and syncs once', async () => {
    const [transport, proxy] = await throughProxy()
    const writer = await scratch.open()
    for (const key of ['stays', 'goes', 'changes']) await writer.announce('cut', key, message(key, 'old'))
    const seen: Change[] = []
    await transport.watch('cut', (change) => void seen.push(change))
    await until('it has synced', () => seen.length === 4)
    proxy.mode = 'refuse'
    proxy.reset()
    await writer.announce('cut', 'goes', null)
    await writer.announce('cut', 'changes', message('changes', 'new'))
    await writer.announce('cut', 'comes', message('comes', 'new'))
    proxy.mode = 'pass'
    await until('it has caught up', () => seen.length === 7)
    expect(
      seen
        .slice(4)
        .map((change) => `${change.type} ${'key' in change ? change.key : ''}`)
        .sort(),
    ).toEqual(['fact changes', 'fact comes', 'gone goes'])
  })

  test('a slow link is only slow', async () => {
    const [transport, proxy] = await throughProxy()
    proxy.delayMs = 40
    const came: string[] = []
    await transport.consume('slow', { concurrency: 5 }, async ({ message: { id } }) => {
      came.push(id)
      return { do: 'ack' }
    })
    await Promise.all(Array.from({ length: 30 }, (_, n) => transport.publish(['slow'], message(`${n}`))))
    await until('all have come', () => came.length === 30)
  })
})
