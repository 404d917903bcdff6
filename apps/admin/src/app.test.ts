import { expect, test } from 'vitest'
import { stage } from './testdata/stage.js'

test('an empty bus is told', async () => {
  const { app } = await stage()
  for (const url of [
    '/api/listeners',
    '/api/subscriptions',
    '/api/sources',
    '/api/bus',
    '/api/orphans',
    '/api/catalogue',
    '/api/asyncapi.json',
    '/metrics',
    '/health/live',
    '/health/ready',
    '/',
    '/docs',
    '/docs/json',
    '/api/me',
    '/api/audit',
  ]) {
    const answer = await app.inject({ url, headers: { host: 'localhost' } })
    expect({ url, status: answer.statusCode, body: answer.statusCode === 200 ? '' : answer.body }).toEqual({
      url,
      status: 200,
      body: '',
    })
  }
})
