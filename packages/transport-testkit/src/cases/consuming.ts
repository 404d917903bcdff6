import { strict as assert } from 'node:assert'
import type { ExamCase } from '../exam.js'
import { ack, collect, message, put, rejectsWith, series } from '../helpers.js'

export const consuming: readonly ExamCase[] = [
  {
    name: 'consume: makes its queue, and delivers what was there before',
    async run(room) {
      const transport = await room.open()
      const [fresh, old] = [room.name(), room.name()]
      await transport.declare(old)
      await put(transport, old, 'before')
      const inboxes = [await collect(transport, fresh), await collect(transport, old)]
      await put(transport, fresh, 'first')
      await room.until('both have delivered', () => inboxes.every(({ ids }) => ids.length === 1))
      assert.deepEqual(
        inboxes.map(({ ids }) => ids[0]),
        ['first', 'before'],
      )
    },
  },
  {
    name: 'consume: a first delivery has attempt 1, is not redelivered, and its signal is not aborted',
    async run(room) {
      const transport = await room.open()
      const queue = room.name()
      const inbox = await collect(transport, queue, ({ signal, aborted }) => {
        assert.equal(aborted ?? false, false)
        assert.equal(signal.aborted, false)
        return ack
      })
      await put(transport, queue, 'm')
      await room.until('it has come', () => inbox.ids.length === 1)
      const { attempt, redelivered } = inbox.deliveries[0]!
      assert.deepEqual([attempt, redelivered], [1, false])
    },
  },
  {
    name: 'consume: competing consumers share the messages, each is delivered once',
    async run(room) {
      const queue = room.name()
      const transports = [await room.open(), await room.open(), await room.open()]
      const inboxes = await Promise.all(
        transports.map((transport) =>
          collect(
            transport,
            queue,
            async () => {
              await room.quiet(1)
              return ack
            },
            1,
          ),
        ),
      )
      const ids = series('m', 150)
      for (const id of ids) await put(transports[0]!, queue, id)
      const all = (): string[] => inboxes.flatMap((inbox) => inbox.ids)
      await room.until('all have come', () => all().length >= ids.length)
      assert.deepEqual(all().sort(), [...ids].sort())
      for (const inbox of inboxes) assert.ok(inbox.ids.length > 0, 'each had its share')
    },
  },
  {
    name: 'consume: concurrency is reached and never exceeded',
    async run(room) {
      const transport = await room.open()
      const queue = room.name()
      const gate = room.gate()
      let running = 0
      let most = 0
      const inbox = await collect(
        transport,
        queue,
        async () => {
          running++
          most = Math.max(most, running)
          await gate.opened
          await room.quiet(1)
          running--
          return ack
        },
        7,
      )
      for (const id of series('m', 60)) await put(transport, queue, id)
      await room.until('seven run', () => running === 7)
      await room.quiet(100)
      assert.equal(inbox.ids.length, 7, 'the eighth waits')
      gate.open()
      await room.until('all have come', () => inbox.ids.length === 60)
      assert.equal(most, 7)
    },
  },
  {
    name: 'consume: a consumer that is busy keeps no message from one that is free',
    async run(room) {
      const [busy, free] = [await room.open(), await room.open()]
      const queue = room.name()
      const gate = room.gate()
      const stuck = await collect(busy, queue, () => gate.opened.then(() => ack), 1)
      await put(busy, queue, 'first')
      await room.until('it is busy', () => stuck.ids.length === 1)
      const inbox = await collect(free, queue, undefined, 1)
      for (const id of series('m', 20)) await put(busy, queue, id)
      await room.until('the free one had the rest', () => inbox.ids.length === 20)
      assert.deepEqual(stuck.ids, ['first'])
    },
  },
  {
    name: 'consume: a handler that hangs on one queue holds up no other queue',
    async run(room) {
      const transport = await room.open()
      const [stuck, free] = [room.name(), room.name()]
      const gate = room.gate()
      const hanging = await collect(transport, stuck, () => gate.opened.then(() => ack), 1)
      const inbox = await collect(transport, free, undefined, 1)
      await put(transport, stuck, 'a', 'b')
      await room.until('it hangs', () => hanging.ids.length === 1)
      for (const id of series('m', 20)) await put(transport, free, id)
      await room.until('the other queue is served', () => inbox.ids.length === 20)
    },
  },
  {
    name: 'consume: a queue deleted underneath is made again, reported, and consumed on',
    async run(room) {
      const [transport, other] = [await room.open(), await room.open()]
      const queue = room.name()
      const inbox = await collect(transport, queue)
      await put(other, queue, 'before')
      await room.until('it consumes', () => inbox.ids.length === 1)
      await other.drop(queue)
      await room.until('the queue is there again', async () => {
        const { gone, failed } = await other.publish([queue], message('after'))
        return gone.length === 0 && failed.length === 0
      })
      await room.until('it consumes on', () => inbox.ids.includes('after'))
      await room.until('it is told', () => inbox.errors.length > 0)
    },
  },
  {
    name: 'consume: options that make no sense are refused with invalid-argument',
    async run(room) {
      const transport = await room.open()
      const queue = room.name()
      for (const concurrency of [0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY])
        await rejectsWith(
          'invalid-argument',
          transport.consume(queue, { concurrency }, async () => ack),
        )
      for (const name of ['', 'a!b', '!parked'])
        await rejectsWith(
          'invalid-argument',
          transport.consume(name, { concurrency: 1 }, async () => ack),
        )
      assert.equal(await transport.inspect(queue), undefined, 'no queue was made')
    },
  },
]
