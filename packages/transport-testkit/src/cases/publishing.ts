import { strict as assert } from 'node:assert'
import type { ExamCase } from '../exam.js'
import { collect, each, message, put, series, textOf } from '../helpers.js'

export const publishing: readonly ExamCase[] = [
  {
    name: 'publish: one body reaches every queue that is named',
    async run(room) {
      const transport = await room.open()
      const queues = [room.name(), room.name(), room.name()]
      for (const queue of queues) await transport.declare(queue)
      assert.deepEqual(await transport.publish(queues, message('m', 'one body')), { gone: [], failed: [] })
      const inboxes = await Promise.all(queues.map((queue) => collect(transport, queue)))
      await room.until('every queue has delivered', () => inboxes.every(({ ids }) => ids.length === 1))
      for (const { deliveries } of inboxes) assert.equal(textOf(deliveries[0]!.message), 'one body')
    },
  },
  {
    name: 'publish: a queue that does not exist is named as gone, and the others have the message',
    async run(room) {
      const transport = await room.open()
      const [one, missing, other, absent] = [room.name(), room.name(), room.name(), room.name()]
      await transport.declare(one)
      await transport.declare(other)
      const report = await transport.publish([one, missing, other, absent], message('m'))
      assert.deepEqual([...report.gone].sort(), [missing, absent].sort())
      assert.deepEqual(report.failed, [])
      for (const queue of [one, other]) {
        const inbox = await collect(transport, queue)
        await room.until('the others have delivered', () => inbox.ids.length === 1)
      }
      assert.equal(await transport.inspect(missing), undefined, 'publishing makes no queue')
    },
  },
  {
    name: 'publish: no queues are nothing to do, and a queue named twice gets one copy',
    async run(room) {
      const transport = await room.open()
      const queue = room.name()
      await transport.declare(queue)
      assert.deepEqual(await transport.publish([], message('none')), { gone: [], failed: [] })
      assert.deepEqual(await transport.publish([queue, queue], message('twice')), { gone: [], failed: [] })
      await put(transport, queue, 'last')
      const inbox = await collect(transport, queue, undefined, 1)
      await room.until('the last has come', () => inbox.ids.includes('last'))
      assert.deepEqual(inbox.ids, ['twice', 'last'])
    },
  },
  {
    name: 'publish: what one publisher publishes comes in its order',
    async run(room) {
      const transport = await room.open()
      const queue = room.name()
      await transport.declare(queue)
      const ids = series('m', 1000)
      // Not awaited one by one: the order of the calls counts, not that of the confirms.
      const reports = await Promise.all(ids.map((id) => transport.publish([queue], message(id))))
      for (const { failed } of reports) assert.deepEqual(failed, [])
      const inbox = await collect(transport, queue, undefined, 1)
      await room.until('all have come', () => inbox.ids.length >= ids.length)
      assert.deepEqual(inbox.ids, ids)
    },
  },
  {
    name: 'publish: 10,000 messages from ten publishers arrive, each once',
    async run(room) {
      const queue = room.name()
      const transports = await Promise.all(Array.from({ length: 10 }, () => room.open()))
      await transports[0]!.declare(queue)
      const inbox = await collect(transports[0]!, queue, undefined, 100)
      await Promise.all(
        transports.map((transport, n) => each(series(`p${n}`, 1000), 50, (id) => put(transport, queue, id))),
      )
      await room.until('all have come', () => inbox.ids.length >= 10_000)
      assert.equal(inbox.ids.length, 10_000)
      assert.equal(new Set(inbox.ids).size, 10_000)
    },
  },
  {
    name: 'publish: the same id may be published again, and goes to several queues',
    async run(room) {
      const transport = await room.open()
      const queues = [room.name(), room.name(), room.name()]
      for (const queue of queues) await transport.declare(queue)
      for (const queue of queues) await put(transport, queue, 'same')
      await put(transport, queues[0]!, 'same', 'last')
      const inboxes = await Promise.all(queues.map((queue) => collect(transport, queue, undefined, 1)))
      await room.until('all have come', () => inboxes.every(({ ids }) => ids.includes('same')))
      await room.until('the last has come', () => inboxes[0]!.ids.includes('last'))
    },
  },
]
