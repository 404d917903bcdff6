import { expect, test } from 'vitest'
import { checkOptions } from './options.js'

const url = 'amqp://127.0.0.1'

test('the heartbeat is in the URL, because amqplib takes it from nowhere else, and the caller’s own is kept', () => {
  const heartbeat = (given: string): string | null =>
    new URL(checkOptions({ url: given }).urls[0]!).searchParams.get('heartbeat')
  expect([url, `${url}/vhost?heartbeat=3`, 'amqps://u:p@host:1/%2F?frameMax=8192'].map(heartbeat)).toEqual([
    '10',
    '3',
    '10',
  ])
})

test('options that make no sense are refused', () => {
  const bad: object[] = [
    { url: '' },
    { url: [] },
    { url: 'http://host' },
    { url: undefined },
    { queueType: 'stream' },
    { namespace: '' },
    { window: { messages: 0 } },
    { window: { bytes: Number.NaN } },
    { confirmTimeoutMs: -1 },
    { retryDelaysMs: [] },
    { retryDelaysMs: [0] },
    { retryDelaysMs: [2 ** 32] },
    { instanceGraceMs: 1.5 },
  ]
  for (const part of bad)
    expect(() => checkOptions({ url, ...part } as Parameters<typeof checkOptions>[0]), JSON.stringify(part)).toThrow(
      expect.objectContaining({ code: 'invalid-argument' }),
    )
})

test('retry delays are sorted, each once', () => {
  expect(checkOptions({ url, retryDelaysMs: [500, 100, 500] }).rungs).toEqual([100, 500])
})
