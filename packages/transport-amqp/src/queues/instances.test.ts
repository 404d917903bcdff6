import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { namesOf } from '../names.js'
import { leftOut } from '../testdata/broker.js'
import { beginTrial, message, type Trial } from '../testdata/trial.js'

describe.skipIf(leftOut)('queues on RabbitMQ', () => {
  let trial: Trial
  beforeEach(() => {
    trial = beginTrial()
  })
  afterEach(() => trial.end({ queues: ['q', 'own'] }), 30_000)

  test('an instance queue nobody consumes lives as long as its owner, far beyond the grace time, its messages with it', async () => {
    const { transport, proxy } = await trial.open({ instanceGraceMs: 400 })
    await transport.declare('own', { lifetime: 'instance' })
    await transport.publish(['own'], message('m'))
    await new Promise((resolve) => setTimeout(resolve, 1200))
    expect((await transport.inspect('own'))?.ready).toBe(1)
    proxy.mode = 'reset'
    proxy.cut()
    const other = await trial.open()
    await trial.until(
      'it has ended',
      async () => (await other.transport.publish(['own'], message('m'))).gone.length === 1,
    )
  })

  test('an instance queue and its shelf are deleted on close', async () => {
    const { transport } = await trial.open()
    await transport.consume('own', { concurrency: 1, lifetime: 'instance' }, async () => ({ do: 'park', why: 'bad' }))
    await transport.publish(['own'], message('m'))
    await trial.until('it is parked', async () => (await transport.inspect('own'))?.parked === 1)
    await transport.close()
    const other = await trial.open()
    expect(await other.transport.inspect('own')).toBeUndefined()
    expect(await other.transport.inspect('own!parked')).toBeUndefined()
  })

  test('a queue that somebody else made in another way is refused with what the broker found', async () => {
    const { transport } = await trial.open()
    await trial.raw((channel) => channel.assertQueue(namesOf(trial.namespace).queue('q'), { durable: true }))
    const error = await transport.declare('q').catch((thrown) => thrown)
    expect([error.code, error.retryable]).toEqual(['invalid-argument', false])
    expect(error.message).toContain('PRECONDITION')
    await trial.raw((channel) => channel.deleteQueue(namesOf(trial.namespace).queue('q')))
    await transport.declare('q')
  })

  test('classic queues by option do what quorum queues do', async () => {
    const { transport } = await trial.open({ queueType: 'classic', retryDelaysMs: [100] })
    const attempts: number[] = []
    await transport.consume('q', { concurrency: 1 }, async ({ attempt }) => {
      attempts.push(attempt)
      return attempt < 3 ? { do: 'retry', afterMs: 100, why: 'again' } : { do: 'park', why: 'enough' }
    })
    await transport.publish(['q'], message('m'))
    await trial.until('it is parked', async () => (await transport.inspect('q'))?.parked === 1)
    expect(attempts).toEqual([1, 2, 3])
  })

  test('thousands may be looked at or declared at once, although a connection has but 2,000 channels', async () => {
    const { transport } = await trial.open()
    await transport.declare('q')
    const reports = await Promise.all(Array.from({ length: 2500 }, () => transport.inspect('q')))
    expect(new Set(reports.map((report) => report?.ready))).toEqual(new Set([0]))
  }, 30_000)

  test('an instance queue that was dropped and made again by its consumer still ends with its owner', async () => {
    const { transport } = await trial.open()
    const errors: Error[] = []
    const onError = (error: Error): void => void errors.push(error)
    await transport.consume('own', { concurrency: 1, lifetime: 'instance', onError }, async () => ({ do: 'ack' }))
    await transport.drop('own')
    await trial.until('it is told', () => errors.length === 1)
    expect(errors[0]).toMatchObject({ code: 'queue-deleted' })
    await transport.close()
    const other = await trial.open()
    expect(await other.transport.inspect('own')).toBeUndefined()
  })

  test('a body beyond the limit is refused before it can close the channel that others publish through', async () => {
    const { transport } = await trial.open({ maxBodyBytes: 1000 })
    await transport.declare('q')
    const others = [1, 2, 3].map((n) => transport.publish(['q'], message(`${n}`)))
    const large = transport.publish(['q'], message('large', 'x'.repeat(1001)))
    await expect(large).rejects.toMatchObject({ code: 'payload-too-large' })
    for (const report of await Promise.all(others)) expect(report.failed).toEqual([])
  })
})
