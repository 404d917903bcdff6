import { expect, test } from 'vitest'
import { describePage, openStage, visit } from './testdata/browser.js'
import { people, soon, stage } from './testdata/stage.js'

/** No loop is as punctual as this wants it. */
const always = { busyAfterMs: 1e-6 }

test('a process that is too busy sends callers of its API away for a second, before it does anything for them', async () => {
  const { get, send, audit } = await stage(always)
  // The loop is looked at once a second.
  await soon(async () => expect((await get('/api/listeners')).statusCode).toBe(503))
  const { statusCode, headers, body } = await send('POST', '/api/listeners/notifier/pause')
  expect([statusCode, headers['retry-after']]).toEqual([503, '1'])
  expect(JSON.parse(body)).toMatchObject({ status: 503, code: 'overloaded' })
  expect(audit.latest()).toEqual([])
})

test('it serves the files of its page and its health all the same', async () => {
  const { get } = await stage(always)
  await soon(async () => expect((await get('/api/listeners')).statusCode).toBe(503))
  const paths = ['/', '/page/main.js', '/health/live', '/health/ready']
  const statuses = await Promise.all(paths.map(async (path) => (await get(path)).statusCode))
  expect(statuses).toEqual([200, 200, 200, 200])
})

describePage('the page', () => {
  test('asks a busy process again when it said, and says so if that does not help', async () => {
    const { origin, join } = await openStage()
    await people(join)
    const busy = await stage(always)
    await soon(async () => expect((await busy.get('/api/listeners')).statusCode).toBe(503))
    const { body } = await busy.get('/api/listeners')
    const { page, go } = await visit(origin, {}, [503])
    let refusals = 0
    let most = 2
    await page.route(/\/api\/listeners(\?|$)/, async (route) => {
      if (refusals++ >= most) return route.continue()
      const headers = { 'retry-after': '0', 'content-type': 'application/problem+json' }
      return route.fulfill({ status: 503, headers, body })
    })
    await go('listeners')
    await page.getByRole('link', { name: 'notifier' }).waitFor()
    expect(refusals).toBe(3)
    most = Number.POSITIVE_INFINITY
    refusals = 0
    await page.evaluate('void document.dispatchEvent(new Event("visibilitychange"))')
    await page.getByText('The process is too busy').first().waitFor()
    expect(refusals).toBe(6)
  })
})
