import { expect, test } from 'vitest'
import { problemBody } from './http/problem.js'
import { facts, issue, people, soon, stage } from './testdata/stage.js'

/** Every way of asking wrongly, and what it gets. */
const wrong: readonly [string, string, string, number, string, unknown?][] = [
  ['an unknown listener', 'GET', '/api/listeners/nobody', 404, 'unknown-listener'],
  [
    'an unknown listener to replay',
    'POST',
    '/api/listeners/nobody/replay',
    404,
    'unknown-listener',
    { which: { all: true } },
  ],
  [
    'an unknown listener to withdraw',
    'DELETE',
    '/api/listeners/nobody',
    404,
    'unknown-listener',
    { confirm: 'nobody' },
  ],
  ['an unknown listener to pause', 'POST', '/api/listeners/nobody/pause', 404, 'unknown-listener', {}],
  ['an unknown source', 'GET', '/api/sources/nobody', 404, 'unknown-source'],
  ['an unknown instance', 'GET', '/api/sources/forge/nobody', 404, 'unknown-source'],
  ['an unknown message', 'GET', '/api/listeners/notifier/parked/nothing', 404, 'unknown-message'],
  ['an unknown record', 'GET', '/api/attributes?record=isue', 404, 'unknown-record-type'],
  ['an unknown attribute', 'GET', '/api/impact?record=issue&remove=titel', 400, 'unknown-attribute'],
  ['an unknown route', 'GET', '/api/nothing', 404, 'unknown-route'],
  ['an unknown file', 'GET', '/nothing.js', 404, 'unknown-route'],
  ['a method that is none here', 'PUT', '/api/listeners/notifier', 404, 'unknown-route', {}],
  ['a path upward', 'GET', '/api/listeners/..%2f..%2fetc%2fpasswd', 404, 'unknown-listener'],
  ['a file upward', 'GET', '/..%2f..%2fpackage.json', 403, 'forbidden'],
  ['a file upward by dots', 'GET', '/../../package.json', 404, 'unknown-route'],
  ['a hidden file', 'GET', '/.env', 403, 'forbidden'],
  ['a path with a zero byte', 'GET', '/api/listeners/a%00b', 404, 'unknown-listener'],
  ['a path with half a character', 'GET', '/api/listeners/%ff', 400, 'invalid-request'],
  ['a path with bad escapes', 'GET', '/api/listeners/%zz', 400, 'invalid-request'],
  ['a path of 4,000 characters', 'GET', `/api/listeners/${'x'.repeat(4000)}`, 404, 'unknown-route'],
  ['a shelf for a listener', 'GET', '/api/listeners/notifier!parked', 404, 'unknown-listener'],
  ['a prototype key as listener', 'GET', '/api/listeners/__proto__', 404, 'unknown-listener'],
  ['a prototype key as source', 'GET', '/api/sources/constructor', 404, 'unknown-source'],
  ['a prototype key as record', 'GET', '/api/attributes?record=__proto__', 404, 'unknown-record-type'],
  ['a prototype key as message', 'GET', '/api/listeners/notifier/parked/__proto__', 404, 'unknown-message'],
  ['a huge page', 'GET', '/api/listeners?limit=1000000', 400, 'invalid-request'],
  ['a page of none', 'GET', '/api/subscriptions?limit=0', 400, 'invalid-request'],
  ['a page of a half', 'GET', '/api/subscriptions?limit=1.5', 400, 'invalid-request'],
  ['a page of text', 'GET', '/api/sources?limit=many', 400, 'invalid-request'],
  ['a cursor that is none', 'GET', '/api/listeners?cursor=%20%20', 400, 'invalid-request'],
  ['two cursors', 'GET', '/api/listeners?cursor=YQ&cursor=YQ', 400, 'invalid-request'],
  ['a huge cursor', 'GET', `/api/listeners?cursor=${'x'.repeat(3000)}`, 400, 'invalid-request'],
  ['no record', 'GET', '/api/attributes', 400, 'invalid-request'],
  ['nothing to remove', 'GET', '/api/impact?record=issue', 400, 'invalid-request'],
  ['an empty path to remove', 'GET', '/api/impact?record=issue&remove=', 400, 'invalid-request'],
  ['no path to remove', 'GET', '/api/impact?record=issue&remove=a%7Bb', 400, 'expression-syntax'],
  ['a body that is no JSON', 'POST', '/api/explain', 400, 'invalid-request', '{"listener":'],
  ['a body that is empty', 'POST', '/api/explain', 400, 'invalid-request', ''],
  ['a body that is a list', 'POST', '/api/explain', 400, 'invalid-request', []],
  ['a body that is null', 'POST', '/api/explain', 400, 'invalid-request', 'null'],
  [
    'a body with a prototype key',
    'POST',
    '/api/impact?record=issue',
    400,
    'invalid-request',
    '{"__proto__":{"schema":{}}}',
  ],
  [
    'a body with a constructor',
    'POST',
    '/api/explain',
    400,
    'invalid-request',
    '{"constructor":{"prototype":{"listener":"a"}}}',
  ],
  ['a body of 100,000 levels', 'POST', '/api/impact?record=issue', 400, 'invalid-request', '['.repeat(100_000)],
  ['a body of 2 MiB', 'POST', '/api/explain', 413, 'invalid-request', JSON.stringify('x'.repeat(2 * 1024 * 1024))],
  ['neither event nor sample', 'POST', '/api/explain', 400, 'invalid-request', { listener: 'notifier' }],
  [
    'an event and a sample',
    'POST',
    '/api/explain',
    400,
    'invalid-request',
    { listener: 'notifier', event: 'e', sample: { type: 'issue.changed', subject: '7' } },
  ],
  ['numbers for names', 'POST', '/api/explain', 400, 'invalid-request', { listener: 7, event: 7 }],
  [
    'a listener of 10,000 characters',
    'POST',
    '/api/explain',
    400,
    'invalid-request',
    { listener: 'x'.repeat(10_000), event: 'e' },
  ],
  ['no choice of messages', 'POST', '/api/listeners/notifier/replay', 400, 'invalid-request', {}],
  [
    'a choice that is none',
    'POST',
    '/api/listeners/notifier/replay',
    400,
    'invalid-request',
    { which: { some: true } },
  ],
  [
    'a rate of nothing',
    'POST',
    '/api/listeners/notifier/replay',
    400,
    'invalid-request',
    { which: { all: true }, perSecond: 0 },
  ],
  [
    'dropping unconfirmed',
    'POST',
    '/api/listeners/notifier/drop',
    409,
    'confirmation-required',
    { which: { all: true } },
  ],
  [
    'dropping wrongly confirmed',
    'POST',
    '/api/listeners/notifier/drop',
    409,
    'confirmation-required',
    { which: { all: true }, confirm: 'notifie' },
  ],
  ['withdrawing what runs', 'DELETE', '/api/listeners/notifier', 409, 'listener-alive', { confirm: 'notifier' }],
]

test.each(wrong)('%s: %s %s is %i %s', async (_, method, url, status, code, body) => {
  const { get, send, join } = await stage()
  await people(join)
  const answer = method === 'GET' ? await get(url) : await send(method as 'POST', url, body ?? {})
  expect({ status: answer.statusCode, ...answer.json() }).toMatchObject({ status, code })
  expect(answer.headers['content-type']).toContain('application/problem+json')
  expect(problemBody.strict().parse(answer.json())).toBeTruthy()
  expect(({} as Record<string, unknown>).schema).toBeUndefined()
})

test('a second replay while one goes on is 409, and the first can be ended', async () => {
  const { send, get, join } = await stage()
  const { source, state, handled } = await people(join)
  for (const id of ['e1', 'e2', 'e3']) {
    await source.emit(issue.changed, { id: '7', before: facts, after: { ...facts, title: id } }, { id })
  }
  await soon(async () => expect((await get('/api/listeners/notifier/parked')).json().total).toBe(3))
  state.isSound = true
  const first = send('POST', '/api/listeners/notifier/replay', { which: { all: true }, perSecond: 0.2 })
  await soon(async () =>
    expect((await get('/api/listeners/notifier/replay')).json()).toMatchObject({ finished: false }),
  )
  const second = await send('POST', '/api/listeners/notifier/replay', { which: { all: true } })
  expect(second.json()).toMatchObject({ status: 409, code: 'replay-running' })
  const ended = await send('DELETE', '/api/listeners/notifier/replay')
  expect(ended.statusCode).toBe(200)
  expect((await first).json()).toMatchObject({ finished: true, replayed: 1 })
  await soon(() => expect(handled).toEqual(['e1']))
})

test('with the broker away everything is 503, and readiness says so', async () => {
  const { broker, get, send } = await stage()
  await broker.close()
  for (const url of ['/api/orphans', '/api/listeners/notifier/parked', '/api/listeners/notifier/parked/e1']) {
    expect({ url, ...(await get(url)).json() }).toMatchObject({ url, status: 503, code: 'transport-closed' })
  }
  const replay = await send('POST', '/api/listeners/notifier/replay', { which: { all: true } })
  expect(replay.json()).toMatchObject({ status: 503, code: 'transport-closed' })
  expect((await get('/health/ready')).statusCode).toBe(503)
  expect((await get('/health/live')).statusCode).toBe(200)
  // What the boards said last is still told.
  expect((await get('/api/subscriptions')).statusCode).toBe(200)
})

test('a handler that does not come to its end is answered for, and the next request is served', async () => {
  const { operator } = await stage()
  let asked = 0
  const stuck = new Proxy(operator, {
    get(target, name) {
      const own: unknown = Reflect.get(target, name, target)
      if (typeof own !== 'function') return own
      return asked++ === 0 ? () => new Promise(() => undefined) : own.bind(target)
    },
  })
  const { get } = await stage({ operator: stuck }, { handlerTimeout: 100 })
  const response = await get('/api/listeners')
  expect(response.statusCode).toBe(504)
  expect(response.json()).toMatchObject({ code: 'request-timeout', status: 504, title: 'Gateway Timeout' })
  expect(response.headers['content-type']).toContain('application/problem+json')
  expect((await get('/api/listeners')).statusCode).toBe(200)
})
