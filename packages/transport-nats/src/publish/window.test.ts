import { expect, test } from 'vitest'
import { Window } from './window.js'

function held() {
  const opened: (() => void)[] = []
  let running = 0
  let most = 0
  const send = (): Promise<void> => {
    running++
    most = Math.max(most, running)
    return new Promise<void>((resolve) => void opened.push(resolve)).finally(() => running--)
  }
  return { send, opened, most: () => most, running: () => running }
}
/** Sends when it is its turn, and leaves when that has ended. */
function run<T>(window: Window, bytes: number, send: () => Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const go = (): void => {
      send()
        .finally(() => window.leave(bytes))
        .then(resolve, reject)
    }
    window.enter({ bytes, go })
  })
}
const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

test('no more copies are sent than the window holds, and the rest follows in order', async () => {
  const window = new Window(3, 1000)
  const { send, opened, most } = held()
  const order: number[] = []
  const sent = Array.from({ length: 10 }, (_, n) =>
    run(window, 1, () => {
      order.push(n)
      return send()
    }),
  )
  expect(order).toEqual([0, 1, 2])
  while (opened.length > 0 || window.waiting > 0) {
    opened.shift()?.()
    await settle()
  }
  await Promise.all(sent)
  expect(most()).toBe(3)
  expect(order).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9])
})

test('bytes are bounded as well, but one copy larger than the window goes alone', async () => {
  const window = new Window(100, 10)
  const { send, opened, running, most } = held()
  const sent = [25, 6, 4, 1].map((bytes) => run(window, bytes, send))
  expect(running()).toBe(1)
  opened.shift()?.()
  await settle()
  expect(running()).toBe(2)
  while (opened.length > 0) {
    opened.shift()?.()
    await settle()
  }
  await Promise.all(sent)
  expect(most()).toBe(2)
})

test('it is closed while it is full and opens again, after failures too', async () => {
  const window = new Window(2, 1000)
  const fails = [1, 2].map(() => run(window, 1, () => Promise.reject(new Error('no'))).catch(() => {}))
  expect(window.open).toBe(false)
  await Promise.all(fails)
  expect(window.open).toBe(true)
  expect(window.waiting).toBe(0)
})
