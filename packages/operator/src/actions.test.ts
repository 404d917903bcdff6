import { announceListener } from '@recordcast/registry'
import { expect, test } from 'vitest'
import { facts, issue, listenerFact, soon, stage } from './testdata/stage.js'

const changed = [{ event: 'issue.changed', attributes: ['title'], tenants: 'all' as const }]

test('a listener that runs is not withdrawn; one that stopped goes with its queue, after saying how much goes', async () => {
  const { forge, listener, operator } = stage()
  const source = await forge()
  const notifier = listener('notifier')
  notifier.on(issue.changed, { attributes: ['title'] }, async () => undefined)
  await notifier.start()
  const seen = await operator()
  const sure = { by: 'ann', confirm: 'notifier' }
  await expect(seen.withdraw('notifier', sure)).rejects.toMatchObject({ code: 'listener-alive' })
  await notifier.stop()
  await source.emit(issue.changed, { id: '7', before: facts, after: { ...facts, title: 'T' } })
  expect(await seen.withdraw('notifier', { by: 'ann', dryRun: true })).toMatchObject({
    facts: 1,
    messages: { ready: 1 },
    withdrawn: false,
  })
  await expect(seen.withdraw('notifier', { by: 'ann' })).rejects.toMatchObject({ code: 'confirmation-required' })
  expect(await seen.withdraw('notifier', sure)).toMatchObject({ facts: 1, messages: { ready: 1 }, withdrawn: true })
  expect((await seen.listeners()).total).toBe(0)
  await expect(seen.withdraw('notifier', sure)).rejects.toMatchObject({ code: 'unknown-listener' })
  // The source has forgotten it too: nothing is published to a queue that is gone.
  await source.emit(issue.changed, { id: '7', before: facts, after: { ...facts, title: 'U' } })
})

test('a queue without a fact and a fact without a queue are orphans; the queue can be dropped', async () => {
  const { join, operator } = stage()
  const { transport } = join()
  await transport.declare('lonely')
  await transport.publish(['lonely'], { id: 'm', body: new Uint8Array([1]), headers: {} })
  await announceListener(transport, listenerFact('gone', changed))
  const body = new TextEncoder().encode('{"v":1,"kind":"listener"}')
  await transport.announce('listeners', 'odd/set', { id: 'x', body, headers: {} })
  const seen = await operator()
  expect(await seen.orphans()).toMatchObject({
    queues: [{ queue: 'lonely', depth: { ready: 1 } }],
    facts: [{ queue: 'gone', listener: 'gone', alive: false }],
    setAside: [{ board: 'listeners', key: 'odd/set', code: 'announcement-invalid' }],
  })
  expect(await seen.withdraw('lonely', { by: 'ann', confirm: 'lonely' })).toMatchObject({
    facts: 0,
    messages: { ready: 1 },
  })
  expect(await seen.withdraw('gone', { by: 'ann', confirm: 'gone' })).toMatchObject({ facts: 1, withdrawn: true })
  expect(await seen.orphans()).toMatchObject({ queues: [], facts: [] })
})

test('a paused listener takes nothing until it is resumed', async () => {
  const { forge, listener, operator } = stage()
  const source = await forge()
  const handled: string[] = []
  const notifier = listener('notifier')
  notifier.on(issue.changed, { attributes: ['title'] }, async ({ data }) => void handled.push(String(data.title)))
  await notifier.start()
  const seen = await operator()
  expect(await seen.pause('notifier', { by: 'ann' })).toMatchObject({ paused: true, by: 'ann' })
  expect(await seen.pause('notifier', { by: 'bob' })).toMatchObject({ paused: true, by: 'ann' })
  await soon(async () => expect((await seen.listener('notifier')).depth?.attended).toBe(false))
  await source.emit(issue.changed, { id: '7', before: facts, after: { ...facts, title: 'T' } })
  expect(await seen.listener('notifier')).toMatchObject({ paused: { by: 'ann' }, depth: { ready: 1 } })
  expect(handled).toEqual([])
  expect(await seen.resume('notifier', { by: 'ann' })).toEqual({ queue: 'notifier', paused: false })
  await soon(() => expect(handled).toEqual(['T']))
  await expect(seen.pause('nobody', { by: 'ann' })).rejects.toMatchObject({ code: 'unknown-listener' })
  await expect(seen.resume('nobody', { by: 'ann' })).rejects.toMatchObject({ code: 'unknown-listener' })
})
