import { expect, test } from 'vitest'
import { decodeControl, encodeControl, pauseFactSchema, sourceFactSchema } from '../control/index.js'
import { answerSchema, type ControlAnswer, type ControlRequest, requestSchema } from './index.js'

const bytes = (value: unknown): Uint8Array => new TextEncoder().encode(JSON.stringify(value))

const requests: ControlRequest[] = [
  { v: 1, kind: 'stats', offset: 0 },
  { v: 1, kind: 'stats', queues: ['a', 'b@one'], offset: 512 },
  { v: 1, kind: 'decisions', limit: 100 },
  { v: 1, kind: 'decisions', after: 7, limit: 500 },
  { v: 1, kind: 'explain', key: 'billing/abc', event: 'e1' },
  { v: 1, kind: 'explain', key: 'billing/abc', sample: { type: 'issue.changed', subject: '7', after: { a: null } } },
]
const problem = { code: 'publish-failed', message: 'not confirmed' }
const event = { id: 'e1', type: 'issue.changed', subject: '7', time: '2026-01-01T00:00:00.000Z' }
const count = { filter: 0, tenant: 1, unchanged: 2 }
const answers: ControlAnswer[] = [
  {
    ...{ v: 1, kind: 'stats', instance: 'one', upMs: 5 },
    source: {
      ...{ emitted: 1, unwanted: 0, published: 1, publishRetries: 0, failed: 0, projections: 1, projectionBytes: 300 },
      ...{ inFlight: 0, setAside: 0, total: 1 },
      subscriptions: [{ queue: 'a', event: 'issue.changed', seen: 1, delivered: 1, suppressed: count }],
      loaders: [{ name: 'issue.author', calls: 1, keys: 1, cacheHits: 0, failures: 0, busyMs: 4 }],
    },
  },
  {
    ...{ v: 1, kind: 'stats', instance: 'one', upMs: 5 },
    listener: {
      ...{ received: 1, handled: 1, failed: 0, retried: 0, parked: 0, duplicates: 0, suppressed: 0, returned: 0 },
      ...{ completed: 0, running: 0, waiting: 0, handlerMs: 12, paused: true },
      refusals: [{ service: 'forge', instance: 'one', reasons: [problem] }],
    },
  },
  {
    ...{ v: 1, kind: 'decisions', instance: 'one', next: 9, sample: 1, keeps: 1000 },
    decisions: [
      { ...event, tenant: 'a', outcomes: [{ queue: 'a', outcome: 'failed', ms: 3, problem }], more: 2 },
      { ...event, outcomes: [{ queue: 'a', outcome: 'delivered', ms: 3, bytes: 300 }] },
    ],
  },
  { v: 1, kind: 'explain', instance: 'one', remembered: false, verdict: 'unknown-event', reasons: [] },
  {
    ...{
      v: 1,
      kind: 'explain',
      instance: 'one',
      remembered: true,
      event,
      verdict: 'accepted',
      reasons: [],
      goes: false,
    },
    tenant: { wanted: ['a'], found: 'b', held: false },
    filter: {
      ...{ held: false, onlyInDifferentElements: false },
      leaves: [
        { path: ['a', '__proto__'], pointer: '/a', wanted: ['x', { prefix: 'y' }], found: ['z', 1, null], held: false },
      ],
    },
    changed: { held: true, compared: ['a'], differing: ['a'] },
    attributes: [{ path: 'a', from: 'failed', problem }],
    outcome: { queue: 'a', outcome: 'tenant' },
    cut: true,
  },
]

test.each(requests)('the request %j comes back as it was written, also with what a later release adds', (request) => {
  expect(decodeControl(requestSchema, encodeControl(request))).toEqual(request)
  expect(decodeControl(requestSchema, bytes({ ...request, newer: true }))).toEqual(request)
})

test.each(answers)('the answer %j comes back as it was written, also with what a later release adds', (answer) => {
  expect(decodeControl(answerSchema, encodeControl(answer))).toEqual(answer)
  expect(decodeControl(answerSchema, bytes({ ...answer, newer: true }))).toEqual(answer)
})

test('what need not be said has its default', () => {
  expect(decodeControl(requestSchema, bytes({ v: 1, kind: 'stats' }))).toEqual({ v: 1, kind: 'stats', offset: 0 })
  expect(decodeControl(requestSchema, bytes({ v: 1, kind: 'decisions' }))).toMatchObject({ limit: 100 })
})

test.each<[string, unknown, string]>([
  ['a page before the first', { v: 1, kind: 'stats', offset: -1 }, '/offset'],
  ['too many queues', { v: 1, kind: 'stats', queues: Array(257).fill('q') }, '/queues'],
  ['a page too large', { v: 1, kind: 'decisions', limit: 501 }, '/limit'],
  ['a mark that is no number', { v: 1, kind: 'decisions', after: '7' }, '/after'],
  ['no key', { v: 1, kind: 'explain', event: 'e' }, '/key'],
  ['a sample that is a list', { v: 1, kind: 'explain', key: 'a/b', sample: [] }, '/sample'],
  [
    'facts that are a text',
    { v: 1, kind: 'explain', key: 'a/b', sample: { type: 'a.b', subject: '7', after: 'x' } },
    '/sample/after',
  ],
])('a request with %s is refused', (_, request, path) => {
  expect(() => decodeControl(requestSchema, bytes(request))).toThrow(
    expect.objectContaining({ code: 'announcement-invalid', path }),
  )
})

test('__proto__ among the facts of a sample stays an own key', () => {
  const text =
    '{"v":1,"kind":"explain","key":"a/b","sample":{"type":"a.b","subject":"7","after":{"__proto__":{"x":1}}}}'
  const read = decodeControl(requestSchema, new TextEncoder().encode(text))
  expect(read.kind === 'explain' && Object.keys(read.sample?.after ?? {})).toEqual(['__proto__'])
})

test('a pause names its queue, and nothing that is no queue', () => {
  const pause = { v: 1, kind: 'pause', queue: 'a%20b@one', since: '2026-01-01T00:00:00.000Z', by: 'ann' } as const
  expect(decodeControl(pauseFactSchema, encodeControl({ ...pause, newer: 1 }))).toEqual(pause)
  expect(() => decodeControl(pauseFactSchema, bytes({ ...pause, queue: 'a!parked' }))).toThrow(/queue/)
  expect(() => decodeControl(pauseFactSchema, bytes({ ...pause, by: 7 }))).toThrow(/by/)
})

test('a record may be announced with where its links lead and what is sensitive, and without, as older sources do', () => {
  const fact = {
    ...{ v: 1, kind: 'source', service: 'forge', instance: 'one', address: 'source/forge/one', since: '2026' },
    records: [
      { name: 'issue', links: ['author'], targets: { author: 'user' }, sensitive: ['secret'] },
      { name: 'push', links: [] },
    ],
  } as const
  expect(decodeControl(sourceFactSchema, encodeControl(fact))).toEqual(fact)
  const wrong = { ...fact, records: [{ name: 'issue', links: [], sensitive: 'secret' }] }
  expect(() => decodeControl(sourceFactSchema, bytes(wrong))).toThrow(/sensitive/)
})
