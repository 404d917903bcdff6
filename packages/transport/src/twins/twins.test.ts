import { expect, test } from 'vitest'
import { systemClock } from '../clock.js'
import { Twins } from './index.js'

function world() {
  let now = 0
  const clock = { ...systemClock, now: () => now }
  const passed = (ms: number): void => {
    now += ms
  }
  return { passed, twins: new Twins(clock) }
}

test('whatever came before a confirmed copy is let go, for two minutes, or ten if it is a copy itself; that copy and other messages are not', async () => {
  const { twins, passed } = world()
  const first = await twins.take('m', 0, 'link')
  expect(first?.overtaken).toBe(false)
  first?.moved()
  first?.end()
  expect(await twins.take('m', 0, 'link')).toBeUndefined()
  const third = await twins.take('m', 2, 'link')
  third?.moved()
  third?.end()
  for (const hop of [0, 1, 2]) expect(await twins.take('m', hop, 'link'), `${hop}`).toBeUndefined()
  expect(await twins.take('m', 3, 'link')).toBeDefined()
  expect(await twins.take('n', 0, 'link')).toBeDefined()
  passed(120_000)
  expect(await twins.take('m', 1, 'link')).toBeUndefined()
  expect(await twins.take('m', 0, 'link')).toBeDefined()
  passed(480_000)
  expect(await twins.take('m', 1, 'link')).toBeDefined()
})

test('a copy that was only seen overtakes nothing', async () => {
  const { twins } = world()
  const copy = await twins.take('m', 1, 'link')
  expect((await twins.take('m', 0, 'link'))?.overtaken).toBe(false)
  copy?.end()
  expect(await twins.take('m', 0, 'another link')).toBeDefined()
})

test('a message in hand learns that a later copy has been confirmed meanwhile', async () => {
  const { twins } = world()
  const original = await twins.take('m', 0, 'link')
  const copy = await twins.take('m', 1, 'link')
  expect(original?.overtaken).toBe(false)
  copy?.moved()
  expect(original?.overtaken).toBe(true)
  original?.moved()
  expect(await twins.take('m', 1, 'another link')).toBeUndefined()
})

test('a message that was acked or put back is no twin of one that comes later', async () => {
  const { twins } = world()
  const turn = await twins.take('m', 0, 'link')
  turn?.end()
  expect(await twins.take('m', 0, 'link')).toBeDefined()
})

test('a twin waits while the other is in hand over the same link, and not for one whose link is gone', async () => {
  const { twins } = world()
  await twins.take('m', 0, 'before')
  const turn = await twins.take('m', 0, 'after')
  let letGo = false
  const waiting = twins.take('m', 0, 'after').then((taken) => {
    letGo = taken === undefined
  })
  await Promise.resolve()
  expect(letGo).toBe(false)
  turn?.moved()
  turn?.end()
  await waiting
  expect(letGo).toBe(true)
})

test('a confirm that comes after the end still counts', async () => {
  const { twins } = world()
  const turn = await twins.take('m', 0, 'link')
  turn?.end()
  turn?.moved()
  expect(await twins.take('m', 0, 'link')).toBeUndefined()
})

test('nothing is let go once the queue has gone, and nothing that has no id', async () => {
  const { twins } = world()
  const turn = await twins.take('m', 0, 'link')
  turn?.moved()
  twins.forget()
  turn?.moved()
  turn?.end()
  expect(await twins.take('m', 0, 'link')).toBeDefined()
  ;(await twins.take(undefined, 0, 'link'))?.moved()
  expect(await twins.take(undefined, 0, 'link')).toBeDefined()
})

test('what was moved longest ago is forgotten first, beyond 10,000', async () => {
  const { twins } = world()
  for (let n = 0; n <= 10_000; n++) {
    const turn = await twins.take(`m${n}`, 0, 'link')
    turn?.moved()
    turn?.end()
  }
  expect(await twins.take('m0', 0, 'link')).toBeDefined()
  expect(await twins.take('m1', 0, 'link')).toBeUndefined()
})
