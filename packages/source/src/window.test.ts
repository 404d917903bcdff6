import { expect, test } from 'vitest'
import { createWindow } from './window.js'

test('an emit beyond the window is refused with buffer-full and another is taken when one is through', () => {
  const window = createWindow({ events: 2 })
  const done = window.begin()
  window.begin()
  expect(() => window.begin()).toThrow(expect.objectContaining({ code: 'buffer-full' }))
  done()
  window.begin()
})

test('bytes are bounded, but one large event alone always passes', () => {
  const window = createWindow({ bytes: 10 })
  window.takeBytes(100)
  expect(() => window.takeBytes(1)).toThrow(expect.objectContaining({ code: 'buffer-full' }))
  window.giveBytes(100)
  window.takeBytes(10)
})

test('empty waits for what is in flight', async () => {
  const window = createWindow()
  await window.empty()
  const done = [window.begin(), window.begin()]
  let empty = false
  const waiting = window.empty().then(() => {
    empty = true
  })
  done[0]!()
  await Promise.resolve()
  expect(empty).toBe(false)
  done[1]!()
  await waiting
})
