import { EventEmitter } from 'node:events'
import { expect, test } from 'vitest'
import { openLine, type Port, type Verbs } from './line.js'

/** Two ends of a channel as processes have it: JSON, one tick later. */
function channel() {
  const ends = [new EventEmitter(), new EventEmitter()] as const
  const state = { connected: true }
  const port = (own: 0 | 1): Port => ({
    get connected() {
      return state.connected
    },
    send(message) {
      const text = JSON.stringify(message)
      setImmediate(() => ends[1 - own]!.emit('message', JSON.parse(text)))
    },
    on: (event, listener) => ends[own].on(event, listener),
  })
  return { here: port(0), there: port(1), state }
}

const none: Verbs = new Map()

test('either end asks the other, and answers come back to the questions that they belong to', async () => {
  const { here, there } = channel()
  const one = openLine(here, new Map([['double', (n: number) => 2 * n]]))
  const other = openLine(
    there,
    new Map([['wait', (ms: number) => new Promise((resolve) => setTimeout(resolve, ms, ms))]]),
  )
  expect(await Promise.all([one.ask('wait', 20), one.ask('wait', 1), other.ask('double', 21)])).toEqual([20, 1, 42])
})

test('what a verb throws is rejected at the other end, in its words', async () => {
  const { here, there } = channel()
  openLine(
    there,
    new Map([
      [
        'fail',
        () => {
          throw new RangeError('too far')
        },
      ],
    ]),
  )
  const line = openLine(here, none)
  await expect(line.ask('fail')).rejects.toThrow(/^too far$/)
  await expect(line.ask('constructor')).rejects.toThrow('nobody here can constructor')
})

test('a line that is cut rejects what is unanswered and what is asked later, with the first reason', async () => {
  const { here, state } = channel()
  const line = openLine(here, none)
  state.connected = false
  const asked = line.ask('anything')
  line.cut(new Error('gone'))
  line.cut(new Error('gone again'))
  await expect(asked).rejects.toThrow(/^gone$/)
  await expect(line.ask('anything')).rejects.toThrow(/^gone$/)
})
