import type { Msg } from '@nats-io/transport-node'
import { expect, test } from 'vitest'
import { open, seal } from './envelope.js'

const message = { data: new Uint8Array([1]), headers: undefined } as unknown as Msg
const opened = (sealed: string) => open(message, 'otherwise', sealed)

test('a head that is like one before has its own id and the same headers, and what the driver added', () => {
  const headers = { a: 'b' }
  for (const id of ['one', 'two', 'a "quoted" one', 'back\\slash', '世界', '\ud800', 'x']) {
    expect(opened(seal({ id, headers })).message, id).toMatchObject({ id, headers })
    const copy = opened(seal({ id, headers, attempt: 3, hop: 2, due: 7 }))
    expect(copy, id).toMatchObject({ message: { id, headers }, attempt: 3, hop: 2, due: 7 })
  }
  expect(opened(seal({ id: 'one', headers })).message.headers).toBe(
    opened(seal({ id: 'two', headers })).message.headers,
  )
})

test('a head that cannot be read counts as none, whatever was read before', () => {
  for (let time = 0; time < 2; time++) {
    for (const sealed of [
      '',
      '{}',
      '{"id":""}',
      '{"id":"a"',
      '{"id":"a\tb"}',
      '{"id":"a"}}',
      '{"id":7}',
      '{"id":"a',
      '["a"]',
    ])
      expect(opened(sealed), sealed).toMatchObject({ message: { id: 'otherwise', headers: {} }, attempt: undefined })
    expect(opened('{"id":"a","id":"b"}').message.id).toBe('b')
    expect(opened('{"id":"a","headers":{"x":1,"y":"z"},"attempt":0}')).toMatchObject({
      message: { id: 'a', headers: { y: 'z' } },
    })
  }
})
