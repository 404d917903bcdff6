import { readFileSync } from 'node:fs'
import { errorCodes } from '@recordcast/protocol/errors'
import { connect, createListener, createSource, defineRecord, RecordcastError } from 'recordcast'
import { afterEach, expect, test } from 'vitest'
import { z } from 'zod'
import { cleanups, closing, forge, gather, issue } from './forge.js'

/*
Every bad input that a person or the network can give, what it is called, where it is said to be and what would do. What needs a closer look
(each invalid row of the filter cases, each limit of the language, each way in which a loader can fail) stands in the packages' own tests.
*/

const ends = cleanups()
afterEach(() => ends.run())

async function newBroker(logger?: Parameters<typeof connect>[1]) {
  const broker = await connect('memory:', logger)
  ends.add(() => broker.close())
  return broker
}

/** What an error says, its sentence left out; anything but a RecordcastError fails the test. */
async function errorOf(act: () => unknown): Promise<RecordcastError> {
  let thrown: unknown
  try {
    await act()
  } catch (error) {
    thrown = error
  }
  expect(thrown, 'nothing, or something else, was thrown').toBeInstanceOf(RecordcastError)
  const error = thrown as RecordcastError
  expect(errorCodes).toContain(error.code)
  expect(error.message.length).toBeGreaterThan(20)
  return error
}

const attributeCases: [what: string, attributes: unknown, code: string, details: Partial<RecordcastError>][] = [
  ['an empty expression', [''], 'expression-empty', { path: 'attributes[0]' }],
  ['unbalanced braces', { who: 'author{login' }, 'expression-syntax', { path: 'attributes.who', position: 12 }],
  ['an unknown scalar', { who: 'author.login?text' }, 'expression-unknown-scalar', { path: 'attributes.who' }],
  ['too many steps', [Array.from({ length: 17 }, () => 'a').join('.')], 'expression-too-deep', {}],
  ['a text over 4 KiB', [`"${'x'.repeat(5000)}"`], 'expression-too-long', {}],
  ['257 expressions', Array.from({ length: 257 }, (_, n) => `a${n}`), 'too-many-expressions', { path: 'attributes' }],
  ['no text', { who: 5 }, 'expression-syntax', { path: 'attributes.who' }],
  ['no attributes at all', undefined, 'invalid-options', { path: 'attributes' }],
]

test.each(attributeCases)('attributes: %s', async (_what, attributes, code, details) => {
  const listener = createListener({ service: 'l', broker: await newBroker() })
  const error = await errorOf(() => listener.on(issue.changed, { attributes } as never, () => undefined))
  expect(error).toMatchObject({ code, ...details })
})

const listenerCases: [what: string, options: object, path: string][] = [
  ['no service', { service: '' }, '/service'],
  ['a service with a line break', { service: 'a\nb' }, '/service'],
  ['a service that is no text', { service: 7 }, '/service'],
  ['a name of 500 characters', { name: 'x'.repeat(500) }, '/name'],
  ['a concurrency of 0', { concurrency: 0 }, '/concurrency'],
  ['a delay that is no number', { retry: { delaysMs: [1000, Number.NaN] } }, '/retry/delaysMs/1'],
  ['a delay over 2^31-1', { retry: { delaysMs: [2 ** 31] } }, '/retry/delaysMs/0'],
  ['a jitter over 1', { retry: { jitter: 2 } }, '/retry/jitter'],
  ['an unknown delivery', { delivery: 'some' }, '/delivery'],
]

test.each(listenerCases)('listener options: %s', async (_what, options, path) => {
  const broker = await newBroker()
  const error = await errorOf(() => createListener({ service: 'l', broker, ...options } as never))
  expect(error).toMatchObject({ code: 'invalid-options', path })
})

test('listeners: a handler twice, none at all, a filter that is none, a handler that is no function', async () => {
  const broker = await newBroker()
  const none = createListener({ service: 'none', broker })
  expect((await errorOf(() => none.start())).code).toBe('no-handlers')
  const listener = createListener({ service: 'l', broker })
  listener.on(issue.changed, { attributes: ['title'] }, () => undefined)
  const again = await errorOf(() => listener.on(issue.changed, { attributes: ['title'] }, () => undefined))
  expect(again).toMatchObject({ code: 'duplicate-handler', found: 'issue.changed' })
  const where = { state: [{ prefx: 'c' }] }
  const pattern = await errorOf(() => listener.on(issue.created, { attributes: ['title'], where }, () => undefined))
  expect(pattern).toMatchObject({ code: 'invalid-pattern', path: expect.stringMatching(/^\/state\/0/) })
  expect(pattern.expected).toBeTruthy()
  const handler = await errorOf(() => listener.on(issue.created, { attributes: ['title'] }, 'x' as never))
  expect(handler.code).toBe('invalid-options')
})

test('a subscription with a misspelt attribute is refused at start with the nearest names, and leaves nothing behind', async () => {
  const broker = await newBroker()
  const source = forge(broker)
  await source.start()
  ends.add(() => source.stop())
  const listener = createListener({ service: 'l', broker })
  const attributes = { who: 'auhtor.login', title: 'titel' } as Record<string, string>
  listener.on(issue.changed, { attributes, where: { sate: ['closed'] } }, () => undefined)
  const error = await errorOf(() => listener.start())
  expect(error.code).toBe('subscription-refused')
  expect(error.reasons?.map(({ code, nearest }) => [code, nearest?.[0]])).toEqual([
    ['unknown-attribute', 'author'],
    ['unknown-attribute', 'title'],
    ['unknown-attribute', 'state'],
  ])
  expect(error.message).toContain('author')
  expect(await broker.transport.inspect('l')).toBeUndefined()
  expect((await source.emit(issue.changed, closing('7'))).delivered).toEqual([])
})

test('a record type that nobody owns is told with the nearest names, and not refused: its owner may come later', async () => {
  const broker = await newBroker()
  const source = forge(broker)
  await source.start()
  ends.add(() => source.stop())
  const misspelt = defineRecord('isue', z.object({ title: z.string() }))
  const listener = createListener({ service: 'l', broker })
  listener.on(misspelt.changed, { attributes: ['title'] }, () => undefined)
  const [answer] = await listener.start()
  ends.add(() => listener.unsubscribe())
  expect(answer!.verdicts[0]).toMatchObject({
    verdict: 'not-mine',
    reasons: [{ code: 'unknown-record-type', nearest: ['issue'] }],
  })
})

test('a listener name that another service has is refused, naming the service', async () => {
  const broker = await newBroker()
  const listeners = [
    createListener({ service: 'a', name: 'b.c', broker }),
    createListener({ service: 'a.b', name: 'c', broker }),
  ]
  for (const listener of listeners) listener.on(issue.changed, { attributes: ['title'] }, () => undefined)
  await listeners[0]!.start()
  ends.add(() => listeners[0]!.unsubscribe())
  const error = await errorOf(() => listeners[1]!.start())
  expect(error).toMatchObject({ code: 'listener-name-taken', found: 'a' })
})

test.each([
  ['https://broker', 'https:'],
  ['amq://broker', 'amq:'],
  ['', 'string'],
  [undefined, 'undefined'],
])('connect to %s names the schemes that are known', async (url, found) => {
  const error = await errorOf(() => connect(url as string))
  expect(error).toMatchObject({ code: 'unknown-scheme', found, expected: expect.stringContaining('memory:') })
})

test('a password in a url is not shown', async () => {
  const error = await errorOf(() => connect('amq://ann:secret@broker'))
  expect(JSON.stringify({ ...error, message: error.message })).not.toContain('secret')
})

test('a source without records, with a schema that is none, or with a link that cannot be followed is refused', async () => {
  const broker = await newBroker()
  const of = async (options: object) =>
    errorOf(() => createSource({ service: 's', broker, records: [], ...options } as never))
  expect(await of({})).toMatchObject({ code: 'invalid-options', path: '/records' })
  expect(await of({ records: [{ type: issue }, { type: issue }] })).toMatchObject({ path: '/records/1/type' })
  expect(await of({ records: [{ type: issue, links: { author: { load: () => [] } } }] })).toMatchObject({
    path: '/records/0/links/author/key',
  })
  expect(await errorOf(() => defineRecord('issue', {} as never))).toMatchObject({ code: 'invalid-options' })
  expect(await errorOf(() => defineRecord('is sue', z.object({})))).toMatchObject({ code: 'invalid-options' })
})

const hostile: [what: string, body: string | Uint8Array, code: string][] = [
  ['no JSON', 'listen to me', 'announcement-invalid'],
  ['invalid UTF-8', Uint8Array.of(0xff, 0xfe, 0x7b), 'announcement-invalid'],
  ['JSON of another shape', '{"v":1,"kind":"listener","queue":{}}', 'announcement-invalid'],
  ['a newer protocol', '{"v":2,"kind":"listener"}', 'announcement-unsupported-version'],
  ['66 KiB', JSON.stringify({ v: 1, x: 'x'.repeat(66 * 1024) }), 'announcement-too-large'],
  ['a __proto__', '{"__proto__":{"v":1},"constructor":{"prototype":{"v":1}}}', 'announcement-invalid'],
  ['100,000 lists in one another', `${'['.repeat(30_000)}${']'.repeat(30_000)}`, 'announcement-invalid'],
]

test.each(hostile)(
  'an announcement of %s is set aside and logged; everybody else is served',
  async (_what, body, code) => {
    const warned = gather<unknown>()
    const log = (details: object) => warned.add((details as { error?: { code?: string } }).error?.code)
    const logger = { debug: () => undefined, info: () => undefined, warn: log, error: log }
    const broker = await newBroker({ logger })
    const bytes = typeof body === 'string' ? new TextEncoder().encode(body) : body
    await broker.transport.announce('listeners', 'poison/poison', { id: 'x', body: bytes, headers: {} })
    const source = forge(broker)
    await source.start()
    ends.add(() => source.stop())
    expect(await warned.until(1)).toContain(code)
    expect(source.stats().setAside).toBe(1)
    const seen = gather<string>()
    const listener = createListener({ service: 'l', broker })
    listener.on(issue.changed, { attributes: ['title'] }, (event) => seen.add(event.id))
    await listener.start()
    ends.add(() => listener.stop())
    await source.emit(issue.changed, closing('7'), { id: 'e1' })
    expect(await seen.until(1)).toEqual(['e1'])
    expect(Object.prototype).not.toHaveProperty('v')
  },
)

test.each([
  [
    'throws',
    () => {
      throw new Error('no')
    },
    'handler-failed',
  ],
  [
    'throws undefined',
    () => {
      throw undefined
    },
    'handler-failed',
  ],
  ['rejects', () => Promise.reject(new Error('no')), 'handler-failed'],
  ['never comes back', () => new Promise(() => undefined), 'handler-timeout'],
] as const)(
  'a handler that %s costs its attempts and is parked; the next event is handled',
  async (_what, fail, code) => {
    const broker = await newBroker()
    const source = forge(broker)
    await source.start()
    ends.add(() => source.stop())
    const seen = gather<string>()
    const listener = createListener({ service: 'l', broker, retry: { delaysMs: [1], jitter: 0 }, timeoutMs: 20 })
    listener.on(issue.changed, { attributes: ['title'] }, (event) =>
      event.record === 'bad' ? fail() : seen.add(event.id),
    )
    await listener.start()
    ends.add(() => listener.stop())
    await source.emit(issue.changed, closing('bad'))
    await source.emit(issue.changed, closing('good'), { id: 'e1' })
    expect(await seen.until(1)).toEqual(['e1'])
    while ((await broker.transport.inspect('l'))?.parked !== 1) {
      await new Promise((resolve) => broker.clock.defer(() => resolve(undefined)))
    }
    const report = await broker.transport.inspect('l', { peekParked: 1 })
    expect(report?.peeked[0]).toMatchObject({ attempt: 2, why: expect.stringContaining(code) })
  },
)

test('a message that is no event is parked at once, and the next event is handled', async () => {
  const broker = await newBroker()
  const source = forge(broker)
  await source.start()
  ends.add(() => source.stop())
  const seen = gather<string>()
  const listener = createListener({ service: 'l', broker })
  listener.on(issue.changed, { attributes: ['title'] }, (event) => seen.add(event.id))
  await listener.start()
  ends.add(() => listener.stop())
  await broker.transport.publish(['l'], { id: 'junk', body: new TextEncoder().encode('{"specversion":'), headers: {} })
  await source.emit(issue.changed, closing('7'), { id: 'e1' })
  expect(await seen.until(1)).toEqual(['e1'])
  await listener.stop()
  expect(listener.stats()).toMatchObject({ handled: 1, parked: 1, retried: 0 })
})

test('docs/errors.md explains every code', () => {
  const page = readFileSync(new URL('../../../docs/errors.md', import.meta.url), 'utf8')
  expect(errorCodes.filter((code) => !page.includes(`\`${code}\``))).toEqual([])
})
