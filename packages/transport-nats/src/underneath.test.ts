import type { JetStreamManager } from '@nats-io/jetstream'
import { jetstreamManager } from '@nats-io/jetstream'
import { connect, type NatsConnection } from '@nats-io/transport-node'
import type { Change } from '@recordcast/transport'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { namesIn } from './names.js'
import { broker, scratchNamespace, withBroker } from './testdata/broker.js'
import { message, until } from './testdata/until.js'

withBroker('what is deleted underneath', () => {
  const scratch = scratchNamespace()
  const names = namesIn(scratch.namespace)
  let nc: NatsConnection
  let jsm: JetStreamManager

  beforeAll(async () => {
    nc = await connect({ servers: broker.url })
    jsm = await jetstreamManager(nc)
  })
  afterAll(async () => {
    await nc.close()
    await scratch.tidy()
  })

  test('a consumer that is deleted is made again, and messages go on', async () => {
    const transport = await scratch.open()
    const came: string[] = []
    await transport.consume('consumer', { concurrency: 5 }, async ({ message: { id } }) => {
      came.push(id)
      return { do: 'ack' }
    })
    const stream = names.stream('consumer')
    for await (const { name } of jsm.consumers.list(stream)) await jsm.consumers.delete(stream, name)
    await transport.publish(['consumer'], message('after'))
    await until('it has come', () => came.includes('after'))
  })

  test('a stream that is deleted while its only message is handled is made again, and the late verdict touches nothing new', async () => {
    const transport = await scratch.open()
    const came: string[] = []
    const errors: Error[] = []
    let open = (): void => {}
    const gate = new Promise<void>((resolve) => {
      open = resolve
    })
    const onError = (error: Error): void => void errors.push(error)
    await transport.consume('stream', { concurrency: 1, onError }, async ({ message: { id } }) => {
      came.push(id)
      if (id === 'old') await gate
      return { do: 'ack' }
    })
    await transport.publish(['stream'], message('old'))
    await until('it runs', () => came.length === 1)
    await jsm.streams.delete(names.stream('stream'))
    open()
    await until('the queue stands again and has it', async () => {
      const { gone, failed } = await transport.publish(['stream'], message('new'))
      return gone.length + failed.length === 0
    })
    await until('the new one has come', () => came.includes('new'))
    expect(errors.map((error) => 'code' in error && error.code)).toEqual(['queue-deleted'])
  })

  test('a publish to a stream that is gone names the queue, and never makes it', async () => {
    const transport = await scratch.open()
    await transport.declare('gone')
    await jsm.streams.delete(names.stream('gone'))
    expect(await transport.publish(['gone'], message('m'))).toEqual({ gone: ['gone'], failed: [] })
    expect(await transport.listQueues()).not.toContain('gone')
  })

  test('a bucket that is deleted is told, its facts are gone, and the board goes on', async () => {
    const transport = await scratch.open()
    await transport.announce('bucket', 'key', message('old'))
    const seen: Change[] = []
    const errors: Error[] = []
    await transport.watch('bucket', (change) => void seen.push(change), { onError: (error) => void errors.push(error) })
    await until('it has synced', () => seen.length === 2)
    await jsm.streams.delete(`KV_${names.bucket('bucket')}`)
    await until('a fact can be announced', () =>
      transport.announce('bucket', 'new', message('new')).then(
        () => true,
        () => false,
      ),
    )
    await until('all is seen', () => seen.length === 4)
    expect(
      seen
        .slice(2)
        .map(({ type }) => type)
        .sort(),
    ).toEqual(['fact', 'gone'])
    expect(errors.length).toBe(1)
  })

  test('a bucket that is emptied is noticed', async () => {
    const transport = await scratch.open()
    await transport.announce('emptied', 'key', message('old'))
    const seen: Change[] = []
    const errors: Error[] = []
    await transport.watch('emptied', (change) => void seen.push(change), {
      onError: (error) => void errors.push(error),
    })
    await until('it has synced', () => seen.length === 2)
    await jsm.streams.purge(`KV_${names.bucket('emptied')}`)
    await until('the fact is gone', () => seen.length === 3)
    expect(seen.at(-1)).toEqual({ type: 'gone', key: 'key' })
    expect(errors.length).toBe(1)
  })

  test('a queue at its limit refuses, retryably, and drops nothing', async () => {
    const transport = await scratch.open({ queueLimits: { messages: 3 } })
    await transport.declare('limit')
    const codes: (string | undefined)[] = []
    for (let n = 0; n < 5; n++) codes.push((await transport.publish(['limit'], message(`${n}`))).failed[0]?.error.code)
    expect(codes).toEqual([undefined, undefined, undefined, 'queue-full', 'queue-full'])
    expect((await transport.inspect('limit'))?.ready).toBe(3)
  })

  test('copies of an id are suppressed queue by queue, and count as confirmed', async () => {
    const transport = await scratch.open()
    for (const queue of ['one', 'other']) await transport.declare(queue)
    for (let n = 0; n < 3; n++)
      expect(await transport.publish(['one', 'other'], message('same'))).toEqual({ gone: [], failed: [] })
    for (const queue of ['one', 'other']) expect((await transport.inspect(queue))?.ready).toBe(1)
  })

  test('a stream of that name that may lose messages is refused as a queue', async () => {
    const transport = await scratch.open()
    await jsm.streams.add({ name: names.stream('foreign'), subjects: [names.subject('foreign')] })
    await expect(transport.declare('foreign')).rejects.toMatchObject({ code: 'invalid-argument' })
  })

  test('an ack wait that differs is compared, changed and said once; one that nobody asked for stays', async () => {
    const warnings: string[] = []
    const first = await scratch.open({ ackWaitMs: 5000 })
    await first.declare('wait')
    const ackWait = async (): Promise<number | undefined> => {
      for await (const { config } of jsm.consumers.list(names.stream('wait'))) return config.ack_wait
    }
    await (await scratch.open()).declare('wait')
    expect(await ackWait()).toBe(5e9)
    const other = await scratch.open({ ackWaitMs: 7000, onWarning: ({ message: said }) => void warnings.push(said) })
    await other.declare('wait')
    await other.declare('wait')
    expect(await ackWait()).toBe(7e9)
    expect(warnings.filter((said) => said.includes('ack_wait')).length).toBe(1)
  })
})
