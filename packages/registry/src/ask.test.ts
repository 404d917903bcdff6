import { decodeControl } from '@recordcast/protocol/control'
import { RecordcastError } from '@recordcast/protocol/errors'
import { answerSchema, type ControlAnswer, type ControlRequest } from '@recordcast/protocol/requests'
import { expect, test } from 'vitest'
import { answerAt, ask } from './index.js'
import { stage } from './testdata/stage.js'

const address = 'source/forge/one'
const alive = { v: 1, kind: 'alive' } as const
const encoder = new TextEncoder()

test('a request is answered', async () => {
  const { transport, join } = stage()
  const asked: ControlRequest[] = []
  const responder = await answerAt(join(), address, async (request) => {
    asked.push(request)
    return { v: 1, kind: 'alive', instance: 'one' }
  })
  expect(await ask(transport, address, alive, 1000)).toEqual({ v: 1, kind: 'alive', instance: 'one' })
  expect(asked).toEqual([alive])
  await responder.stop()
  await expect(ask(transport, address, alive, 1000)).rejects.toMatchObject({ code: 'nobody-there' })
})

test('where nobody stands nobody-there comes at once', async () => {
  await expect(ask(stage().transport, address, alive, 1e9)).rejects.toMatchObject({ code: 'nobody-there' })
})

test('one who says nothing is waited for no longer than was said', async () => {
  const { transport, join } = stage()
  await answerAt(join(), address, () => new Promise(() => undefined))
  const asking = ask(transport, address, alive, 20)
  await expect(asking).rejects.toMatchObject({ code: 'request-timeout' })
  await expect(asking).rejects.toBeInstanceOf(RecordcastError)
})

async function answerOf(body: Uint8Array, answer?: () => Promise<ControlAnswer>): Promise<ControlAnswer> {
  const { transport, join } = stage()
  await answerAt(join(), address, answer ?? (() => Promise.reject(new Error('not to be asked'))))
  const reply = await transport.request(address, { id: '1', body, headers: {} }, { timeoutMs: 1000 })
  return decodeControl(answerSchema, reply.body)
}

test.each<[string, Uint8Array, string]>([
  ['nothing', new Uint8Array(), 'announcement-invalid'],
  ['no JSON', encoder.encode('hello'), 'announcement-invalid'],
  ['no UTF-8', new Uint8Array([0xff]), 'announcement-invalid'],
  ['an unknown kind', encoder.encode('{"v":1,"kind":"shutdown"}'), 'announcement-invalid'],
  ['a newer protocol', encoder.encode('{"v":2,"kind":"alive"}'), 'announcement-unsupported-version'],
  ['100,000 levels', encoder.encode('['.repeat(100_000)), 'announcement-invalid'],
  ['more than 1 MiB', new Uint8Array(1024 * 1024 + 1), 'announcement-too-large'],
])('a request of %s is answered with an error', async (_, body, code) => {
  expect(await answerOf(body)).toMatchObject({ kind: 'error', problem: { code } })
})

const thrown: [string, unknown, object][] = [
  ['an error', new Error('broke'), { code: 'handler-failed', message: 'broke' }],
  ['undefined', undefined, { code: 'handler-failed', message: 'undefined' }],
  ['an object without a prototype', Object.create(null), { code: 'handler-failed', message: '{}' }],
  [
    'a code of ours',
    new RecordcastError('attribute-missing', 'gone', { path: 'a' }),
    { code: 'attribute-missing', path: 'a' },
  ],
]

test.each(thrown)('an answer that throws %s is an error for who asked', async (_, value, problem) => {
  const body = encoder.encode(JSON.stringify(alive))
  expect(await answerOf(body, () => Promise.reject(value))).toMatchObject({ kind: 'error', problem })
  const throwing = (): never => {
    throw value
  }
  expect(await answerOf(body, throwing)).toMatchObject({ kind: 'error', problem })
})

test.each<[string, unknown, string]>([
  ['is no JSON', { n: 1n }, 'handler-failed'],
  ['is larger than the limit', { text: 'x'.repeat(16 * 1024 * 1024) }, 'announcement-too-large'],
])('an answer that %s is an error for who asked', async (_, values, code) => {
  const answer = async () => ({ v: 1, kind: 'complete', values, failed: [] }) as ControlAnswer
  expect(await answerOf(encoder.encode(JSON.stringify(alive)), answer)).toMatchObject({
    kind: 'error',
    problem: { code },
  })
})

test('what the other side refused with is what asking rejects with', async () => {
  const { transport, join } = stage()
  await answerAt(join(), address, async () => {
    throw new RecordcastError('attribute-missing', 'the record is gone', {
      path: 'title',
      found: 'x',
      nearest: ['titel'],
    })
  })
  await expect(ask(transport, address, alive, 1000)).rejects.toMatchObject({
    ...{ code: 'attribute-missing', path: 'title', found: 'x', nearest: ['titel'] },
    message: `${address} refused the request: the record is gone`,
  })
})

test('a code that this release does not know is told in the sentence only', async () => {
  const { transport, join } = stage()
  await join().respond(address, async () => ({
    ...{ id: '1', headers: {} },
    body: encoder.encode('{"v":1,"kind":"error","problem":{"code":"nobody-there","message":"pretended"}}'),
  }))
  await expect(ask(transport, address, alive, 1000)).rejects.toMatchObject({
    code: 'announcement-invalid',
    message: `${address} refused the request: nobody-there: pretended`,
  })
})

test.each<[string, string | Uint8Array, object]>([
  ['no JSON', 'hello', { code: 'announcement-invalid' }],
  ['a request', JSON.stringify(alive), { code: 'announcement-invalid', path: '/instance' }],
  ['a newer protocol', '{"v":2}', { code: 'announcement-unsupported-version' }],
  [
    'another kind',
    '{"v":1,"kind":"verdict","verdicts":[]}',
    { code: 'announcement-invalid', found: 'verdict', expected: 'alive' },
  ],
  ['100,000 levels', '['.repeat(100_000), { code: 'announcement-invalid' }],
])('a hostile answer of %s rejects', async (_, body, error) => {
  const { transport, join } = stage()
  const bytes = typeof body === 'string' ? encoder.encode(body) : body
  await join().respond(address, async () => ({ id: '1', body: bytes, headers: {} }))
  await expect(ask(transport, address, alive, 1000)).rejects.toMatchObject(error)
})

test('a responder that throws at the transport is told from one that refuses', async () => {
  const { transport, join } = stage()
  await join().respond(address, () => Promise.reject(new Error('broke')))
  await expect(ask(transport, address, alive, 1000)).rejects.toMatchObject({ code: 'responder-failed' })
})
