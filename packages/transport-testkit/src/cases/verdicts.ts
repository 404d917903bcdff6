import { strict as assert } from 'node:assert'
import type { ExamCase } from '../exam.js'
import { ack, collect, message, put, series, slackMs, textOf } from '../helpers.js'

export const verdicts: readonly ExamCase[] = [
  {
    name: 'ack: the message is done with, for this consumer and the next',
    async run(room) {
      const transport = await room.open()
      const queue = room.name()
      const inbox = await collect(transport, queue)
      await put(transport, queue, 'm')
      await room.until('nothing is left', async () => {
        const report = await transport.inspect(queue)
        return inbox.ids.length === 1 && report?.ready === 0 && report.unsettled === 0
      })
      await inbox.stop()
      const next = await collect(transport, queue)
      await put(transport, queue, 'later')
      await room.until('the later one has come', () => next.ids.includes('later'))
      assert.deepEqual(next.ids, ['later'])
    },
  },
  {
    name: 'retry: comes back not before its time, attempt one higher, redelivered, otherwise as published',
    async run(room) {
      const transport = await room.open()
      const queue = room.name()
      const times: number[] = []
      const inbox = await collect(transport, queue, ({ attempt }) => {
        times.push(performance.now())
        return attempt === 1 ? { do: 'retry', afterMs: 400, why: 'not yet' } : ack
      })
      await put(transport, queue, message('m', 'body', { kept: 'yes' }))
      await room.until('it has come back', () => inbox.ids.length === 2)
      assert.ok(times[1]! - times[0]! >= 400 - slackMs, `not after ${times[1]! - times[0]!} ms`)
      const { message: back, attempt, redelivered } = inbox.deliveries[1]!
      assert.deepEqual([back.id, textOf(back), back.headers.kept, attempt, redelivered], ['m', 'body', 'yes', 2, true])
    },
  },
  {
    name: 'retry: a long wait holds up nobody, neither new messages nor a shorter wait',
    async run(room) {
      const transport = await room.open()
      const queue = room.name()
      const inbox = await collect(
        transport,
        queue,
        ({ message: { id }, attempt }) => {
          if (id === 'long') return { do: 'retry', afterMs: 3_600_000, why: 'in an hour' }
          return id === 'short' && attempt === 1 ? { do: 'retry', afterMs: 200, why: 'soon' } : ack
        },
        1,
      )
      await put(transport, queue, 'long', 'short', ...series('m', 20))
      await room.until('all others are done', () => inbox.ids.length === 23)
      assert.equal(inbox.ids.filter((id) => id === 'short').length, 2)
      assert.equal(inbox.ids.filter((id) => id === 'long').length, 1)
    },
  },
  {
    name: 'retry: a wait takes no place of the concurrency',
    async run(room) {
      const transport = await room.open()
      const queue = room.name()
      const inbox = await collect(
        transport,
        queue,
        ({ message: { id } }) => (id.startsWith('wait') ? { do: 'retry', afterMs: 3_600_000, why: 'in an hour' } : ack),
        2,
      )
      await put(transport, queue, ...series('wait', 30), 'last')
      await room.until('the last has come', () => inbox.ids.includes('last'))
      assert.equal(inbox.ids.length, 31)
    },
  },
  {
    name: 'retry: attempt counts the retries of each message by itself',
    async run(room) {
      const transport = await room.open()
      const queue = room.name()
      const attempts = new Map<string, number[]>()
      await collect(transport, queue, ({ message: { id }, attempt }) => {
        attempts.set(id, [...(attempts.get(id) ?? []), attempt])
        return attempt < 3 ? { do: 'retry', afterMs: 0, why: 'again' } : ack
      })
      const ids = series('m', 50)
      await put(transport, queue, ...ids)
      await room.until('each has come three times', () => ids.every((id) => attempts.get(id)?.length === 3))
      for (const id of ids) assert.deepEqual(attempts.get(id), [1, 2, 3])
    },
  },
  {
    name: 'retry: headers are laid over the message where the driver carries them, and lost where it says so',
    async run(room) {
      const transport = await room.open()
      const queue = room.name()
      const inbox = await collect(transport, queue, ({ attempt }) =>
        attempt < 3 ? { do: 'retry', afterMs: 0, why: 'again', headers: { over: String(attempt), added: 'x' } } : ack,
      )
      const headers = { kept: 'yes', over: 'first' }
      await put(transport, queue, message('m', 'body', headers))
      await room.until('it has come three times', () => inbox.ids.length === 3)
      const carried = transport.traits.carriesRetryHeaders ? { kept: 'yes', over: '2', added: 'x' } : headers
      assert.deepEqual({ ...inbox.deliveries[2]!.message.headers }, carried)
    },
  },
  {
    name: 'return: puts back uncounted, for whoever consumes then',
    async run(room) {
      const transport = await room.open()
      const queue = room.name()
      let returns = 0
      const first = await collect(
        transport,
        queue,
        () => {
          returns++
          return { do: 'return', afterMs: 0, why: 'for another' }
        },
        1,
      )
      await put(transport, queue, 'm')
      await room.until('it was returned', () => returns >= 3)
      await first.stop()
      const inbox = await collect(transport, queue)
      await room.until('another has it', () => inbox.ids.length === 1)
      assert.equal(inbox.deliveries[0]!.redelivered, true)
      if (transport.traits.attemptsCount === 'verdicts') assert.equal(inbox.deliveries[0]!.attempt, 1)
    },
  },
  {
    name: 'return: with a wait comes back not before it, and holds up nobody',
    async run(room) {
      const transport = await room.open()
      const queue = room.name()
      const times: number[] = []
      const inbox = await collect(
        transport,
        queue,
        ({ message: { id } }) => {
          if (id !== 'm') return ack
          times.push(performance.now())
          return times.length === 1 ? { do: 'return', afterMs: 400, why: 'later' } : ack
        },
        1,
      )
      await put(transport, queue, 'm', 'other')
      await room.until('it has come back', () => times.length === 2)
      assert.ok(times[1]! - times[0]! >= 400 - slackMs, `not after ${times[1]! - times[0]!} ms`)
      assert.deepEqual(inbox.ids, ['m', 'other', 'm'])
    },
  },
]
