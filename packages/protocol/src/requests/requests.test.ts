import { expect, test } from 'vitest'
import { decodeControl, encodeControl } from '../control/index.js'
import { RecordcastError, toProblem } from '../errors/index.js'
import { answerSchema, type ControlAnswer, type ControlRequest, requestSchema } from './index.js'

const requests: ControlRequest[] = [
  { v: 1, kind: 'alive' },
  { v: 1, kind: 'verdict', key: 'billing@one/abc', set: 'abc' },
  { v: 1, kind: 'complete', event: 'e1', type: 'issue.changed', subject: '7', attributes: ['title'] },
  {
    ...{ v: 1, kind: 'complete', event: 'e1', type: 'issue.changed', subject: '7', tenant: 'acme', attributes: [] },
    filter: [['owner', 'name'], ['', '__proto__'], []],
  },
]
const problem = toProblem(
  new RecordcastError('unknown-attribute', 'There is none', { path: 'titel', nearest: ['title'] }),
)
const answers: ControlAnswer[] = [
  { v: 1, kind: 'alive', instance: 'one' },
  { v: 1, kind: 'error', problem: { code: 'stopped', message: '' } },
  {
    ...{ v: 1, kind: 'verdict' },
    verdicts: [
      { event: 'issue.changed', verdict: 'refused', reasons: [{ ...problem, nearest: ['title'] }] },
      { event: 'push.created', verdict: 'not-mine', reasons: [] },
    ],
  },
  {
    ...{ v: 1, kind: 'complete', values: JSON.parse('{"title":"T","__proto__":{"x":1}}'), filter: { a: 1 } },
    failed: [{ path: 'owner.name', code: 'loader-failed', message: '' }],
  },
]

const bytes = (value: unknown): Uint8Array => new TextEncoder().encode(JSON.stringify(value))

test.each(requests)('the request %j comes back as it was written', (request) => {
  expect(decodeControl(requestSchema, encodeControl(request))).toEqual(request)
  expect(decodeControl(requestSchema, bytes({ ...request, newer: true }))).toEqual(request)
})

test.each(answers)('the answer %j comes back as it was written', (answer) => {
  expect(decodeControl(answerSchema, encodeControl(answer))).toEqual(answer)
  expect(decodeControl(answerSchema, bytes({ ...answer, newer: true }))).toEqual(answer)
})

test('__proto__ among completed values stays an own key', () => {
  const read = decodeControl(answerSchema, bytes(answers[3]))
  expect(read.kind === 'complete' && Object.keys(read.values)).toEqual(['title', '__proto__'])
  expect(({} as Record<string, unknown>).x).toBeUndefined()
})

test('whatever was thrown, its problem is an answer that every reader takes', () => {
  const long = 'ä'.repeat(100_000)
  const nearest = Array.from({ length: 100 }, () => long)
  const error = new RecordcastError('stopped', long, { path: long, found: long, expected: long, nearest })
  for (const thrown of [error, new Error(long), undefined, Symbol('s'), { toJSON: () => 1n }]) {
    const { nearest: near, ...rest } = toProblem(thrown)
    const answer = { v: 1, kind: 'error', problem: { ...rest, ...(near && { nearest: [...near] }) } }
    expect(decodeControl(answerSchema, bytes(answer), 1_000_000)).toEqual(answer)
  }
})

test.each<[string, unknown, string]>([
  ['no kind', { v: 1 }, '/kind'],
  ['an unknown kind', { v: 1, kind: 'shutdown' }, '/kind'],
  ['a kind named constructor', { v: 1, kind: 'constructor' }, '/kind'],
  ['an old version', { v: 0, kind: 'alive' }, '/v'],
  ['a verdict without a key', { v: 1, kind: 'verdict', set: 'a' }, '/key'],
  ['a set with a slash', { v: 1, kind: 'verdict', key: 'a', set: 'a/b' }, '/set'],
  ['attributes that are a text', { ...requests[2], attributes: 'title' }, '/attributes'],
  ['a field path that is a text', { ...requests[3], filter: ['owner'] }, '/filter/0'],
  ['a tenant that is null', { ...requests[3], tenant: null }, '/tenant'],
  ['a text', 'alive', ''],
  ['a list', [requests[0]], ''],
])('a request with %s is refused', (_, request, path) => {
  expect(() => decodeControl(requestSchema, bytes(request))).toThrow(
    expect.objectContaining({ code: 'announcement-invalid', path }),
  )
})

test.each<[string, unknown, string]>([
  ['an instance that is a number', { v: 1, kind: 'alive', instance: 1 }, '/instance'],
  ['values that are a list', { ...answers[3], values: [] }, '/values'],
  ['values that are null', { ...answers[3], values: null }, '/values'],
  ['a filter that is a text', { ...answers[3], filter: '' }, '/filter'],
  [
    'a verdict that is unknown',
    { v: 1, kind: 'verdict', verdicts: [{ event: 'a', verdict: 'maybe', reasons: [] }] },
    '/verdicts/0/verdict',
  ],
  ['a problem without a code', { v: 1, kind: 'error', problem: { message: '' } }, '/problem/code'],
])('an answer with %s is refused', (_, answer, path) => {
  expect(() => decodeControl(answerSchema, bytes(answer))).toThrow(
    expect.objectContaining({ code: 'announcement-invalid', path }),
  )
})

test.each([requestSchema, answerSchema])('a newer protocol is told from a malformed message', (schema) => {
  expect(() => decodeControl<unknown>(schema, bytes({ v: 2, kind: 'gossip' }))).toThrow(
    expect.objectContaining({ code: 'announcement-unsupported-version' }),
  )
})
