import type { ConsumerInfo } from '@nats-io/jetstream'
import { JetStreamApiError } from '@nats-io/jetstream'
import { systemClock } from '@recordcast/transport'
import { beforeEach, expect, test } from 'vitest'
import type { Party } from '../party.js'
import { Stall } from './stall.js'

const created = '2026-11-26T12:00:00.000Z'
const declared = { stream: 's', durable: 'd', making: 'm', consumerMadeMs: Date.parse(created), ackWaitMs: 5000 }
const stuck = { created, num_pending: 18_681, num_waiting: 4, delivered: { consumer_seq: 44_452, stream_seq: 44_056 } }

let now: number
let info: Partial<ConsumerInfo> | undefined
let deleted: string[]
let warned: string[]
let refuse: Error | undefined
let requests: string[]
let stall: Stall
beforeEach(() => {
  now = 0
  info = stuck as Partial<ConsumerInfo>
  deleted = []
  warned = []
  refuse = undefined
  requests = []
  const gone = new JetStreamApiError({ code: 404, err_code: 10014, description: 'consumer not found' })
  const consumers = {
    info: async () => {
      if (info === undefined) throw gone
      return info
    },
    delete: async (stream: string, name: string) => {
      if (refuse) throw refuse
      deleted.push(`${stream} ${name}`)
    },
  }
  const party = {
    settings: { clock: { ...systemClock, now: () => now }, confirmTimeoutMs: 5000 },
    link: { request: async (subject: string) => void requests.push(subject) },
    api: (work: (jsm: unknown) => unknown) => work({ consumers }),
    warn: (error: Error) => warned.push(error.message),
  }
  stall = new Stall(party as unknown as Party, 'q')
})

const later = (ms: number): Promise<boolean> => {
  now += ms
  return stall.look(declared)
}

test('a consumer that hands out nothing although pulls wait is deleted at the second look, and that is told', async () => {
  expect(await later(0)).toBe(false)
  expect(await later(1000)).toBe(false)
  expect(deleted).toEqual([])
  expect(await later(5000)).toBe(true)
  expect(deleted).toEqual(['s d'])
  expect(warned[0]).toContain('18681 messages of q')
})

test('in a cluster its leader is asked to step down first; if that does not help it is deleted', async () => {
  const replicas = [{ name: 'b', current: true, active: 1 }]
  info = { ...stuck, cluster: { name: 'c', leader: 'a', replicas } } as unknown as Partial<ConsumerInfo>
  await later(0)
  expect(await later(5000)).toBe(true)
  expect(requests).toEqual(['$JS.API.CONSUMER.LEADER.STEPDOWN.s.d'])
  expect([deleted, warned.length]).toEqual([[], 1])
  expect(await later(5000)).toBe(false)
  expect(await later(5000)).toBe(true)
  expect([deleted, requests.length]).toEqual([['s d'], 1])
})

test.each([
  ['hands out something meanwhile', { delivered: { consumer_seq: 44_453, stream_seq: 44_057 } }],
  ['has nothing left', { num_pending: 0 }],
  ['has no pull that waits', { num_waiting: 0 }],
  ['was paused by somebody', { paused: true }],
])('one that %s is left alone', async (_, change) => {
  await later(0)
  info = { ...info, ...change } as Partial<ConsumerInfo>
  expect(await later(5000)).toBe(false)
  info = stuck as Partial<ConsumerInfo>
  expect(await later(30_000)).toBe(false)
  expect(deleted).toEqual([])
})

test('one that is gone, or that another instance has made anew, is only declared again', async () => {
  await later(0)
  info = { ...stuck, created: '2026-11-26T12:00:01.000Z' } as Partial<ConsumerInfo>
  expect(await later(5000)).toBe(true)
  info = undefined
  expect(await later(5000)).toBe(true)
  expect([deleted, warned]).toEqual([[], []])
})

test('what another instance deletes first is no failure; what the server refuses is one', async () => {
  await later(0)
  refuse = new JetStreamApiError({ code: 404, err_code: 10014, description: 'consumer not found' })
  expect(await later(5000)).toBe(true)
  await later(5000)
  refuse = new JetStreamApiError({ code: 503, err_code: 10008, description: 'not available' })
  await expect(later(5000)).rejects.toThrow('not available')
})
