import { strict as assert } from 'node:assert'
import type { Verdict } from '@recordcast/transport'
import type { ExamCase } from '../exam.js'
import { ack, collect, put, series } from '../helpers.js'

export const throwing: readonly ExamCase[] = [
  {
    name: 'throw: the message is delivered again, counted, and reported',
    async run(room) {
      const transport = await room.open()
      const queue = room.name()
      const inbox = await collect(transport, queue, ({ attempt }) => {
        if (attempt < 3) throw new Error(`boom ${attempt}`)
        return ack
      })
      await put(transport, queue, 'm')
      await room.until('it has come three times', () => inbox.ids.length === 3)
      assert.deepEqual(
        inbox.deliveries.map(({ attempt }) => attempt),
        [1, 2, 3],
      )
      assert.equal(inbox.deliveries[2]!.redelivered, true)
      assert.deepEqual(
        inbox.errors.map((error) => error.message.includes('boom')),
        [true, true],
      )
    },
  },
  {
    name: 'throw: in the call itself, of undefined, of no error: all the same',
    async run(room) {
      const transport = await room.open()
      const queue = room.name()
      const errors: Error[] = []
      const done: string[] = []
      const throws: Record<string, () => never> = {
        error: () => {
          throw new Error('thrown')
        },
        undefined: () => {
          throw undefined
        },
        text: () => {
          throw 'text'
        },
      }
      const onError = (error: Error): void => void errors.push(error)
      await transport.consume(queue, { concurrency: 5, onError }, ({ message: { id }, attempt }) => {
        if (attempt === 1) throws[id]?.()
        done.push(id)
        return Promise.resolve(ack)
      })
      await put(transport, queue, ...Object.keys(throws))
      await room.until('each was delivered again', () => done.length === 3)
      assert.equal(errors.length, 3)
      for (const error of errors) assert.ok(error instanceof Error)
    },
  },
  {
    name: 'throw: a verdict that is none counts as one',
    async run(room) {
      const transport = await room.open()
      const queue = room.name()
      const nonsense: Record<string, unknown> = {
        nothing: undefined,
        text: 'ack',
        unknown: { do: 'reject' },
        nan: { do: 'retry', afterMs: Number.NaN, why: 'x' },
        negative: { do: 'return', afterMs: -1, why: 'x' },
        endless: { do: 'retry', afterMs: Number.POSITIVE_INFINITY, why: 'x' },
        mute: { do: 'park' },
        headers: { do: 'park', why: 'x', headers: { 'rc-why': 'mine' } },
      }
      const ids = Object.keys(nonsense)
      const inbox = await collect(transport, queue, ({ message: { id }, attempt }) =>
        attempt === 1 ? (nonsense[id] as Verdict) : ack,
      )
      await put(transport, queue, ...ids)
      await room.until('each has come again', () => inbox.ids.length === ids.length * 2)
      assert.equal(inbox.errors.length, ids.length)
      assert.equal((await transport.inspect(queue))?.parked, 0)
    },
  },
  {
    name: 'throw: a message that always fails holds up none of its neighbours, and does not spin',
    async run(room) {
      const transport = await room.open()
      const queue = room.name()
      const inbox = await collect(
        transport,
        queue,
        ({ message: { id } }) => {
          if (id === 'poison') throw new Error('poison')
          return ack
        },
        1,
      )
      await put(transport, queue, 'poison', ...series('m', 50))
      await room.until('the neighbours are done', () => new Set(inbox.ids).size === 51)
      const before = inbox.errors.length
      await room.quiet(300)
      assert.ok(inbox.errors.length - before < 30, `${inbox.errors.length - before} deliveries in 300 ms`)
    },
  },
  {
    name: 'throw: an onError that throws harms nobody',
    async run(room) {
      const transport = await room.open()
      const queue = room.name()
      const done: string[] = []
      const onError = (): void => {
        throw new Error('onError fails too')
      }
      await transport.consume(queue, { concurrency: 1, onError }, async ({ message: { id }, attempt }) => {
        if (attempt === 1) throw new Error('boom')
        done.push(id)
        return ack
      })
      await put(transport, queue, 'a', 'b')
      await room.until('both are done', () => done.length === 2)
    },
  },
]
