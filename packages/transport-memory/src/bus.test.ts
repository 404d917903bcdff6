import { systemClock, type Verdict } from '@recordcast/transport'
import { expect, test } from 'vitest'
import { createMemoryBus, createMemoryTransport, memoryBusNamed } from './index.js'
import { virtualClock } from './testdata/virtual-clock.js'

const message = (id: string) => ({ id, body: new TextEncoder().encode(id), headers: {} })

test('a named bus is shared until its last transport closed, and then forgotten with all that was in it', async () => {
  const one = createMemoryTransport({ bus: memoryBusNamed('shared') })
  const other = createMemoryTransport({ bus: memoryBusNamed('shared') })
  await one.declare('queue')
  expect(await other.inspect('queue')).toBeDefined()
  await one.close()
  expect(await other.inspect('queue')).toBeDefined()
  await other.close()
  const later = createMemoryTransport({ bus: memoryBusNamed('shared') })
  expect(await later.inspect('queue')).toBeUndefined()
  await later.close()
})

test('a transport without a bus has one of its own', async () => {
  const [one, other] = [createMemoryTransport(), createMemoryTransport()]
  await one.declare('queue')
  expect(await other.inspect('queue')).toBeUndefined()
  await Promise.all([one.close(), other.close()])
})

test('a queue at its limit reports queue-full, counts what is out without a verdict, and takes again after an ack', async () => {
  const bus = createMemoryBus({ limits: { maxQueueLength: 2 } })
  const transport = createMemoryTransport({ bus })
  let settle = (_verdict: Verdict): void => {}
  await transport.declare('other')
  await transport.consume('queue', { concurrency: 1 }, () => new Promise((resolve) => (settle = resolve)))
  await transport.publish(['queue'], message('1'))
  await transport.publish(['queue'], message('2'))
  const { failed } = await transport.publish(['queue', 'other'], message('3'))
  expect(failed.map(({ queue, error }) => [queue, error.code, error.retryable])).toEqual([
    ['queue', 'queue-full', true],
  ])
  expect((await transport.inspect('other'))?.ready).toBe(1)
  settle({ do: 'ack' })
  await expect.poll(async () => (await transport.publish(['queue'], message('4'))).failed.length).toBe(0)
  bus.kill(transport)
})

test('a message that cannot be parked, because the shelf is full, is delivered again uncounted and told of', async () => {
  const clock = virtualClock()
  const transport = createMemoryTransport({ bus: createMemoryBus({ clock, limits: { maxQueueLength: 1 } }) })
  const errors: Error[] = []
  const attempts: number[] = []
  const onError = (error: Error): void => void errors.push(error)
  void transport.consume('queue', { concurrency: 1, onError }, async ({ attempt }) => {
    attempts.push(attempt)
    return { do: 'park', why: 'no' }
  })
  await clock.run(0)
  void transport.publish(['queue'], message('1'))
  await clock.run(0)
  void transport.publish(['queue'], message('2'))
  await clock.run(250)
  expect(attempts).toEqual([1, 1, 1, 1])
  expect(errors.map((error) => (error as Error & { code: string }).code)).toEqual(Array(3).fill('not-confirmed'))
})

test('more than the limit of copies on their way reports buffer-full and sends nothing', async () => {
  const transport = createMemoryTransport({ bus: createMemoryBus({ limits: { maxUnconfirmed: 3 } }) })
  await transport.declare('a')
  await transport.declare('b')
  const reports = await Promise.all([1, 2, 3].map((n) => transport.publish(['a', 'b'], message(`${n}`))))
  expect(reports.map(({ failed }) => failed.map(({ error }) => error.code))).toEqual([
    [],
    ['buffer-full', 'buffer-full'],
    ['buffer-full', 'buffer-full'],
  ])
  expect((await transport.publish(['a'], message('later'))).failed).toEqual([])
  expect((await transport.inspect('a'))?.ready).toBe(2)
  await transport.close()
})

test('waiting messages need one timer a queue, and none when nobody consumes or the transport is closed', async () => {
  const clock = virtualClock()
  const transport = createMemoryTransport({ bus: createMemoryBus({ clock }) })
  const due: number[] = []
  const began = clock.now()
  const consuming = transport.consume('queue', { concurrency: 5 }, async ({ message: { id }, attempt }) => {
    if (attempt === 1) return { do: 'retry', afterMs: Number(id), why: 'later' }
    due.push(clock.now() - began)
    return { do: 'ack' }
  })
  await clock.run(0)
  for (let n = 1000; n > 0; n--) void transport.publish(['queue'], message(`${n}`))
  await clock.run(0)
  expect(clock.armed()).toBe(1)
  await clock.run(500)
  expect(due).toEqual(Array.from({ length: 500 }, (_, index) => index + 1))
  const stopped = (await consuming).stop()
  await clock.run(0)
  await stopped
  expect(clock.armed()).toBe(0)
  await clock.run(1000)
  void transport.consume('queue', { concurrency: 5 }, async () => {
    due.push(-1)
    return { do: 'ack' }
  })
  await clock.run(0)
  expect(due.filter((each) => each === -1)).toHaveLength(500)
  const closed = transport.close()
  await clock.run(0)
  await closed
  expect(clock.armed()).toBe(0)
})

test('a thrown message pauses 100 ms an attempt, up to five seconds', async () => {
  const clock = virtualClock()
  const transport = createMemoryTransport({ bus: createMemoryBus({ clock }) })
  const times: number[] = []
  const began = clock.now()
  void transport.consume('queue', { concurrency: 1 }, async () => {
    times.push(clock.now() - began)
    throw new Error('always')
  })
  await clock.run(0)
  void transport.publish(['queue'], message('m'))
  await clock.run(600_000)
  expect(times.slice(0, 5)).toEqual([0, 100, 300, 600, 1000])
  expect(times[60]! - times[59]!).toBe(5000)
})

test('a queue deleted underneath its consumer is reported as queue-deleted', async () => {
  const transport = createMemoryTransport()
  const codes: string[] = []
  const onError = (error: Error & { code?: string }): void => void codes.push(error.code ?? '')
  await transport.consume('queue', { concurrency: 1, onError }, async () => ({ do: 'ack' }))
  await transport.drop('queue')
  await expect.poll(() => codes).toEqual(['queue-deleted'])
  expect((await transport.inspect('queue'))?.attended).toBe(true)
  await transport.close()
})

test('what has no onError, or an onError that throws, goes to onWarning; an onWarning that throws to nobody', async () => {
  const warnings: string[] = []
  const transport = createMemoryTransport({
    onWarning(error) {
      warnings.push(error.message)
      throw new Error('onWarning fails too')
    },
  })
  await transport.watch('board', () => {
    throw new Error('see failed')
  })
  await transport.watch('board', async () => Promise.reject(new Error('see rejected')), {
    onError() {
      throw new Error('onError failed')
    },
  })
  await expect.poll(() => [...warnings].sort()).toEqual(['onError failed', 'see failed'])
  await transport.close()
})

// Small bodies are kept in another way than large ones.
test.each([0, 1, 256, 1024, 1025, 70_000])(
  'two messages of one body of %i bytes share none with the publisher or each other',
  async (length) => {
    const transport = createMemoryTransport()
    const bodies: Uint8Array[] = []
    for (const queue of ['a', 'b'])
      await transport.consume(queue, { concurrency: 1 }, async ({ message: { body } }) => {
        bodies.push(body)
        return { do: 'ack' }
      })
    const sent = Uint8Array.from({ length }, (_, at) => at % 256)
    const body = new Uint8Array(sent)
    await transport.publish(['a', 'b'], { id: 'm', body, headers: {} })
    body.fill(1)
    await expect.poll(() => bodies.length).toBe(2)
    bodies[0]?.fill(0)
    expect(bodies[1]).toEqual(sent)
    await transport.close()
  },
)

test('50,000 waiting messages leave the event loop its turns', async () => {
  const transport = createMemoryTransport()
  let got = 0
  let turns = 0
  await transport.declare('queue')
  await Promise.all(Array.from({ length: 50_000 }, (_, n) => transport.publish(['queue'], message(`${n}`))))
  await transport.consume('queue', { concurrency: 100 }, async () => {
    got++
    return { do: 'ack' }
  })
  let most = 0
  for (let before = 0; got < 50_000; turns++) {
    await new Promise<void>((resolve) => systemClock.defer(resolve))
    most = Math.max(most, got - before)
    before = got
  }
  // Counted, not timed: between two turns of the event loop only a small part is handed out.
  expect(most).toBeLessThan(5000)
  expect(turns).toBeGreaterThan(10)
  await transport.close()
})
