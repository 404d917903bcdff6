import { boards, type ListenerFact } from '@recordcast/protocol/control'
import type { Message } from '@recordcast/transport'
import { expect, test, vi } from 'vitest'
import { announceListener, announceSource, listenerKey, sourceKey, withdrawListener, withdrawSource } from './index.js'
import { listenerFact, sourceFact, stage } from './testdata/stage.js'

function announcing() {
  const { transport } = stage()
  const announce = vi.spyOn(transport, 'announce')
  const announced = () =>
    announce.mock.calls.map(([board, key, fact]) => [board, key, fact === null ? null : textOf(fact)])
  return { transport, announce, announced }
}

const textOf = ({ body }: Message): unknown => JSON.parse(new TextDecoder().decode(body))

test('facts stand whole under their keys, and are taken off again', async () => {
  const { transport, announced } = announcing()
  const [listener, source] = [listenerFact('a b'), sourceFact('forge/1', { instance: 'ü' })]
  await announceListener(transport, listener)
  await announceSource(transport, source)
  await withdrawListener(transport, listener)
  await withdrawSource(transport, source)
  expect(announced()).toEqual([
    [boards.listeners, 'a%20b/set1', listener],
    [boards.sources, 'forge%2F1/%C3%BC', source],
    [boards.listeners, 'a%20b/set1', null],
    [boards.sources, 'forge%2F1/%C3%BC', null],
  ])
  expect([listenerKey(listener), sourceKey(source)]).toEqual(['a%20b/set1', 'forge%2F1/%C3%BC'])
})

test('every announcement has an id of its own, the same fact put back included', async () => {
  const { transport, announce } = announcing()
  for (let times = 0; times < 3; times++) await announceListener(transport, listenerFact('a'))
  expect(new Set(announce.mock.calls.map(([, , fact]) => fact?.id)).size).toBe(3)
})

test('a fact that every reader would set aside is refused where it is announced', async () => {
  const { transport, announced } = announcing()
  const attributes = Array.from({ length: 300 }, (_, index) => `${index}`.padEnd(300, 'x'))
  const large = listenerFact('a', { subscriptions: [{ event: 'issue.changed', attributes, tenants: 'all' }] })
  await expect(announceListener(transport, large)).rejects.toMatchObject({ code: 'announcement-too-large' })
  const shelf: ListenerFact = listenerFact('a', { queue: 'a!parked' })
  await expect(announceListener(transport, shelf)).rejects.toMatchObject({
    code: 'announcement-invalid',
    path: '/queue',
  })
  const none = listenerFact('a', { subscriptions: [] })
  await expect(announceListener(transport, none)).rejects.toMatchObject({ path: '/subscriptions' })
  const many = sourceFact('forge', { records: [{ name: 'issue', links: Array(257).fill('link') }] })
  await expect(announceSource(transport, many)).rejects.toMatchObject({ path: '/records/0/links' })
  expect(announced()).toEqual([])
})
