import { expect, test } from 'vitest'
import { systemClock } from './index.js'

test('a timer that was called off never runs', async () => {
  let ran = false
  const callOff = systemClock.after(1, () => {
    ran = true
  })
  callOff()
  await new Promise<void>((resolve) => systemClock.after(5, resolve))
  expect(ran).toBe(false)
})

test('a wait longer than 2^31-1 ms does not fire at once', async () => {
  let ran = false
  const callOff = systemClock.after(2 ** 32, () => {
    ran = true
  })
  await new Promise<void>((resolve) => systemClock.after(5, resolve))
  callOff()
  expect(ran).toBe(false)
})

test('deferred work runs after the promise callbacks that are due', async () => {
  const order: string[] = []
  const deferred = new Promise<void>((resolve) => systemClock.defer(() => resolve(void order.push('deferred'))))
  await Promise.resolve().then(() => order.push('microtask'))
  await deferred
  expect(order).toEqual(['microtask', 'deferred'])
})
