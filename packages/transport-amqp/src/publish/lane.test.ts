import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { leftOut } from '../testdata/broker.js'
import { beginTrial, codes, message, type Trial } from '../testdata/trial.js'

describe.skipIf(leftOut)('publishing', () => {
  let trial: Trial
  beforeEach(() => {
    trial = beginTrial()
  })
  afterEach(() => trial.end({ queues: ['q', 'r'] }), 30_000)

  test('beyond the window as many again wait; what is more is refused at once, the rest when its time is up', async () => {
    const { transport, proxy } = await trial.open({ window: { messages: 3 }, confirmTimeoutMs: 3000 })
    await transport.declare('q')
    proxy.mode = 'lose-confirms'
    const began = performance.now()
    const reports = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'].map((id) => transport.publish(['q'], message(id)))
    const atOnce = await Promise.all(reports.slice(6))
    expect(atOnce.map(codes)).toEqual([['buffer-full'], ['buffer-full']])
    expect(performance.now() - began).toBeLessThan(2500)
    const late = await Promise.all(reports.slice(0, 6))
    expect(late.slice(0, 3).map(codes)).toEqual([['not-confirmed'], ['not-confirmed'], ['not-confirmed']])
    // The time of all six is up together: one that gets a place in its last moment is written, and not confirmed either.
    for (const report of late.slice(3)) expect([['not-confirmed'], ['buffer-full']]).toContainEqual(codes(report))
    expect(performance.now() - began).toBeGreaterThan(2950)
  })

  test('the window counts bytes as well, and one message alone always fits', async () => {
    const { transport, proxy } = await trial.open({ window: { bytes: 1000 }, confirmTimeoutMs: 600 })
    await transport.declare('q')
    expect(await transport.publish(['q'], message('large', 'x'.repeat(5000)))).toEqual({ gone: [], failed: [] })
    proxy.mode = 'lose-confirms'
    const sizes = [600, 600, 600]
    const reports = await Promise.all(
      sizes.map((size, n) => transport.publish(['q'], message(`${n}`, 'x'.repeat(size)))),
    )
    expect(reports.map(codes)[0]).toEqual(['not-confirmed'])
    for (const report of reports.slice(1)) expect([['not-confirmed'], ['buffer-full']]).toContainEqual(codes(report))
    proxy.mode = 'pass'
  })

  test('a fan-out wider than the window goes through, each copy with a fate of its own', async () => {
    const { transport } = await trial.open({ window: { messages: 2 } })
    await transport.declare('q')
    await transport.declare('r')
    const wide = await transport.publish(['q', 'absent-1', 'r', 'absent-2'], message('wide'))
    expect(wide).toEqual({ gone: ['absent-1', 'absent-2'], failed: [] })
  })

  test('a queue that refuses costs the others no more than a try, and takes copies again when it has room', async () => {
    const { transport } = await trial.open()
    await transport.declare('r')
    const q = `${trial.namespace}.queue.q`
    const limits = { 'x-queue-type': 'quorum', 'x-max-length': 1, 'x-overflow': 'reject-publish' }
    await trial.raw((channel) => channel.assertQueue(q, { durable: true, arguments: limits }))
    let n = 0
    const refuses = async (): Promise<boolean> => {
      const { failed } = await transport.publish(['q'], message(`q${++n}`))
      return failed[0]?.error.code === 'not-confirmed'
    }
    await trial.until('it is full', refuses)
    const ids = Array.from({ length: 200 }, (_, index) => `r${index}`)
    for (const id of ids) {
      await refuses()
      await trial.until(
        'the other has it',
        async () => (await transport.publish(['r'], message(id))).failed.length === 0,
      )
    }
    expect((await transport.inspect('r'))?.ready).toBe(ids.length)
    await trial.raw((channel) => channel.purgeQueue(q))
    await trial.until('it takes', async () => !(await refuses()))
  })

  test('a lost confirm is a failure that may pass, and the message may be there', async () => {
    const { transport, proxy } = await trial.open()
    await transport.declare('q')
    proxy.mode = 'lose-confirms'
    const report = transport.publish(['q'], message('m'))
    await trial.until(
      'the broker has it',
      async () => (await trial.raw((channel) => channel.checkQueue(`${trial.namespace}.queue.q`))).messageCount === 1,
    )
    proxy.mode = 'pass'
    proxy.cut()
    const { failed } = await report
    expect(failed.map(({ queue, error }) => [queue, error.code, error.retryable])).toEqual([
      ['q', 'connection-lost', true],
    ])
    await trial.until(
      'it publishes again',
      async () => (await transport.publish(['q'], message('m'))).failed.length === 0,
    )
  })

  test('while the broker blocks, nothing is written, and all of it goes when it no longer does', async () => {
    const states: string[] = []
    const { transport, proxy } = await trial.open({ onState: (state) => void states.push(state) })
    await transport.declare('q')
    proxy.blockClients('low on memory')
    await trial.until('it is told', () => states.includes('blocked'))
    let settled = 0
    const reports = [1, 2, 3].map((n) => transport.publish(['q'], message(`${n}`)).finally(() => settled++))
    await new Promise((resolve) => setTimeout(resolve, 100))
    expect(settled).toBe(0)
    expect((await transport.inspect('q'))?.ready).toBe(0)
    proxy.unblockClients()
    for (const report of await Promise.all(reports)) expect(report.failed).toEqual([])
    expect(states).toEqual(['connected', 'blocked', 'unblocked'])
  })

  test('a publish that is blocked for too long is not sent', async () => {
    const { transport, proxy } = await trial.open({ confirmTimeoutMs: 300 })
    await transport.declare('q')
    proxy.blockClients('low on disk')
    await new Promise((resolve) => setTimeout(resolve, 50))
    expect(codes(await transport.publish(['q'], message('m')))).toEqual(['buffer-full'])
    proxy.unblockClients()
    expect((await transport.inspect('q'))?.ready).toBe(0)
  })
})
