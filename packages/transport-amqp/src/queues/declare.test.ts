import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { namesOf } from '../names.js'
import { leftOut } from '../testdata/broker.js'
import { beginTrial, message, type Trial } from '../testdata/trial.js'

describe.skipIf(leftOut)('a queue', () => {
  let trial: Trial
  beforeEach(() => {
    trial = beginTrial()
  })
  afterEach(() => trial.end({ queues: ['q'] }), 30_000)

  test('and its shelf are made together: one that is parked first would otherwise depend on a queue of that moment', async () => {
    const { transport } = await trial.open()
    await transport.declare('q')
    await trial.raw((channel) => channel.checkQueue(namesOf(trial.namespace).shelf('q')))
    await trial.raw((channel) => channel.deleteQueue(namesOf(trial.namespace).shelf('q')))
    await transport.consume('q', { concurrency: 1 }, async () => ({ do: 'ack' }))
    await trial.raw((channel) => channel.checkQueue(namesOf(trial.namespace).shelf('q')))
  })

  test('that is deleted and declared again at once by one of its consumers is consumed again by all of them', async () => {
    const came: string[][] = [[], []]
    const consumers = await Promise.all(came.map(() => trial.open()))
    for (const [n, { transport }] of consumers.entries()) {
      await transport.consume('q', { concurrency: 1 }, async ({ message: { id } }) => {
        came[n]?.push(id)
        return { do: 'ack' }
      })
    }
    const { transport } = await trial.open()
    for (let round = 0; round < 3; round++) {
      await trial.raw((channel) => channel.deleteQueue(namesOf(trial.namespace).queue('q')))
      await consumers[0]?.transport.declare('q')
      const ids = Array.from({ length: 20 }, (_, n) => `${round}-${n}`)
      const reports = await Promise.all(ids.map((id) => transport.publish(['q'], message(id))))
      expect(reports.flatMap(({ gone, failed }) => [...gone, ...failed])).toEqual([])
      await trial.until('all came', () => ids.every((id) => came.some((each) => each.includes(id))))
      await trial.until('both consume', async () => {
        await transport.publish(['q'], message(`probe ${round}`))
        return came.every((each) => each.includes(`probe ${round}`))
      })
    }
  }, 60_000)
})
