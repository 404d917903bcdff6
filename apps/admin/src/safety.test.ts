import { expect, test } from 'vitest'
import { facts, issue, people, soon, stage } from './testdata/stage.js'
import { readTokens } from './tokens.js'

const viewer = 'v'.repeat(24)
const operator = 'o'.repeat(24)
const tokens = readTokens(`# who may\nviewer dora ${viewer}\n\noperator olga ${operator}\n`)
const bearer = (token: string) => ({ authorization: `Bearer ${token}` })

test('with tokens nobody gets anything without one but the page, its health and its documentation', async () => {
  const { get, send } = await stage({ tokens })
  for (const url of ['/api/listeners', '/api/me', '/metrics', '/api/events/stream', '/api/asyncapi.json']) {
    const answer = await get(url)
    expect({ url, ...answer.json() }).toMatchObject({ url, status: 401, code: 'unauthorised' })
    expect(answer.headers['www-authenticate']).toMatch(/^Bearer/)
  }
  for (const url of ['/', '/health/live', '/health/ready', '/docs/json'])
    expect({ url, status: (await get(url)).statusCode }).toEqual({ url, status: 200 })
  const wrong = [
    '',
    'Bearer',
    'Bearer ',
    `bearer ${operator}`,
    `Basic ${operator}`,
    `Bearer ${operator}x`,
    `Bearer ${operator.slice(1)}`,
  ]
  for (const authorization of wrong) {
    expect({ authorization, status: (await get('/api/me', { authorization })).statusCode }).toMatchObject({
      authorization,
      status: 401,
    })
  }
  expect((await send('POST', '/api/explain', { listener: 'a', event: 'e' })).statusCode).toBe(401)
})

test('a viewer sees the board and changes nothing, nor sees payloads; an operator may', async () => {
  const { get, send, join } = await stage({ tokens })
  const { source } = await people(join)
  await source.emit(issue.changed, { id: '7', before: facts, after: { ...facts, title: 'T' } }, { id: 'e1' })
  const parked = '/api/listeners/notifier/parked'
  await soon(async () => expect((await get(parked, bearer(operator))).json().total).toBe(1))
  expect((await get('/api/me', bearer(viewer))).json()).toEqual({ role: 'viewer', by: 'dora' })
  expect((await get('/api/listeners', bearer(viewer))).statusCode).toBe(200)
  for (const url of [parked, `${parked}/e1`, '/api/audit'])
    expect({ url, ...(await get(url, bearer(viewer))).json() }).toMatchObject({ url, status: 403, code: 'forbidden' })
  const changes = [
    ['POST', '/api/listeners/notifier/replay', { which: { all: true } }],
    ['POST', '/api/listeners/notifier/drop', { which: { all: true }, confirm: 'notifier' }],
    ['POST', '/api/listeners/notifier/pause', {}],
    ['POST', '/api/listeners/notifier/resume', {}],
    ['POST', '/api/explain', { listener: 'notifier', event: 'e1' }],
    ['DELETE', '/api/listeners/notifier', { confirm: 'notifier' }],
  ] as const
  for (const [method, url, body] of changes)
    expect({ url, ...(await send(method, url, body, bearer(viewer))).json() }).toMatchObject({
      url,
      status: 403,
      code: 'forbidden',
    })
  expect((await get(`${parked}/e1`, bearer(operator))).json()).toMatchObject({ data: { title: 'T' } })
  const paused = await send('POST', '/api/listeners/notifier/pause', {}, bearer(operator))
  expect(paused.json()).toMatchObject({ paused: true, by: 'olga' })
  expect((await get('/api/audit', bearer(operator))).json()).toMatchObject({
    items: [{ by: 'olga', action: 'pause', outcome: 'done' }],
  })
})

test('tokens are refused by line, and never shown', () => {
  for (const text of [
    'admin ann 0123456789abcdef',
    'viewer ann',
    'operator ann short',
    'viewer ann 0123456789abcdef more',
    'nonsense',
  ]) {
    expect(() => readTokens(`\n${text}`)).toThrow(expect.objectContaining({ code: 'invalid-options', path: '/2' }))
    expect(() => readTokens(text)).toThrow(
      expect.not.objectContaining({ message: expect.stringContaining('0123456789abcdef') }),
    )
  }
  expect(JSON.stringify(tokens)).not.toContain(operator)
})

test('what comes from another origin, site or host changes nothing', async () => {
  const { send, get, join } = await stage()
  await people(join)
  const pause = (more: object) => send('POST', '/api/listeners/notifier/pause', {}, more)
  const foreign = [
    { origin: 'http://evil.example' },
    { origin: 'null' },
    { origin: 'http://localhost:4681' },
    { 'sec-fetch-site': 'cross-site' },
    { 'sec-fetch-site': 'same-site' },
    { host: 'evil.example' },
    { host: 'localhost.evil.example:4680' },
  ]
  for (const headers of foreign)
    expect({ headers, ...(await pause(headers)).json() }).toMatchObject({ headers, status: 403, code: 'forbidden' })
  expect((await get('/api/listeners', { host: 'rebound.example' })).json()).toMatchObject({
    status: 403,
    code: 'forbidden',
  })
  for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x', ''])
    expect({ type, status: (await pause({ 'content-type': type })).statusCode }).toEqual({ type, status: 415 })
  expect((await get('/api/listeners/notifier')).json().paused).toBeUndefined()
  expect((await pause({ origin: 'http://localhost:4680', 'sec-fetch-site': 'same-origin' })).statusCode).toBe(200)
})

test('no answer lets another origin read it, and every one is strict about what the page may load', async () => {
  const { app, get } = await stage()
  for (const url of ['/', '/api/listeners', '/api/nothing', '/docs']) {
    const { headers } = await get(url, { origin: 'http://evil.example' })
    expect({ url, cors: headers['access-control-allow-origin'] }).toEqual({ url, cors: undefined })
    expect(headers['content-security-policy']).toContain("default-src 'none'")
    expect(headers['content-security-policy']).toContain("script-src 'self'")
    expect(headers).toMatchObject({ 'x-content-type-options': 'nosniff', 'x-frame-options': 'SAMEORIGIN' })
  }
  const policy = (await get('/')).headers['content-security-policy']
  expect(policy).not.toMatch(/unsafe|https?:|\*/)
  const preflight = await app.inject({
    method: 'OPTIONS',
    url: '/api/explain',
    headers: { host: 'localhost', origin: 'http://evil.example', 'access-control-request-method': 'POST' },
  })
  expect(preflight.statusCode).toBe(404)
})

test('too many requests are 429 with the time to wait', async () => {
  const { get } = await stage({ requestsPerMinute: 3 })
  const answers = []
  for (let times = 0; times < 5; times++) answers.push(await get('/api/me'))
  expect(answers.map(({ statusCode }) => statusCode)).toEqual([200, 200, 200, 429, 429])
  expect(answers[4]?.json()).toMatchObject({ status: 429, code: 'rate-limited' })
  expect(Number(answers[4]?.headers['retry-after'])).toBeGreaterThan(0)
})

test('guessing tokens is slowed down like everything else, and so is knocking at routes that are none', async () => {
  const { get } = await stage({ tokens, requestsPerMinute: 4 })
  const guesses = []
  for (let times = 0; times < 6; times++) guesses.push((await get('/api/me', bearer(`guess-${times}`))).statusCode)
  expect(guesses).toEqual([401, 401, 401, 401, 429, 429])
  expect((await get('/api/me', bearer(operator))).statusCode).toBe(429)
  // What is no route counts among the page's files, of which there may be ten times as many.
  const knocks = []
  for (let times = 0; times < 41; times++) knocks.push((await get(`/api/nothing-${times}`)).statusCode)
  expect([knocks[0], knocks[39], knocks[40]]).toEqual([404, 404, 429])
})
