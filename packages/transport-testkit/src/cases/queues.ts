import { strict as assert } from 'node:assert'
import { shelfOf } from '@recordcast/transport'
import type { ExamCase } from '../exam.js'
import { collect, message, put, rejectsWith } from '../helpers.js'

export const queues: readonly ExamCase[] = [
  {
    name: 'declare: the same declaration again does nothing, another lifetime is refused',
    async run(room) {
      const [one, other] = [await room.open(), await room.open()]
      const [queue, own] = [room.name(), room.name()]
      await one.declare(queue)
      await put(one, queue, 'm')
      await Promise.all([one.declare(queue), other.declare(queue, { lifetime: 'durable' })])
      await one.declare(own, { lifetime: 'instance' })
      await one.declare(own, { lifetime: 'instance' })
      await rejectsWith('invalid-argument', one.declare(queue, { lifetime: 'instance' }))
      await rejectsWith('invalid-argument', one.declare(own, { lifetime: 'durable' }))
      const inbox = await collect(other, queue)
      await room.until('the message is still there', () => inbox.ids.length === 1)
    },
  },
  {
    name: 'declare: a durable queue and its messages outlive the transport that made them',
    async run(room) {
      const [one, other] = [await room.open(), await room.open()]
      const queue = room.name()
      await one.declare(queue)
      await put(one, queue, 'm')
      await one.close()
      const inbox = await collect(other, queue)
      await room.until('the message has come', () => inbox.ids.length === 1)
    },
  },
  {
    name: 'declare: an instance queue takes messages from anybody and ends with its transport',
    async run(room) {
      const [owner, other] = [await room.open(), await room.open()]
      const queue = room.name()
      const came: string[] = []
      await owner.consume(queue, { concurrency: 1, lifetime: 'instance' }, async ({ message: { id } }) => {
        came.push(id)
        return { do: 'ack' }
      })
      await put(other, queue, 'm')
      await room.until('the message has come', () => came.length === 1)
      await owner.close()
      await room.until('the queue has ended', async () => {
        const { gone } = await other.publish([queue], message('late'))
        return gone.includes(queue)
      })
    },
  },
  {
    name: 'listQueues: names the durable queues of the namespace, without shelves, where the broker can tell',
    async run(room) {
      const transport = await room.open()
      const [queue, own] = [room.name(), room.name()]
      await transport.declare(own, { lifetime: 'instance' })
      const inbox = await collect(transport, queue, () => ({ do: 'park', why: 'to make a shelf' }))
      await put(transport, queue, 'm')
      await room.until('the shelf is made', async () => (await transport.inspect(queue))?.parked === 1)
      const listed = await transport.listQueues()
      if (listed === undefined) return
      assert.ok(listed.includes(queue))
      assert.ok(!listed.includes(own), 'no instance queue')
      assert.deepEqual(
        listed.filter((name) => name.includes('!')),
        [],
        'no shelf',
      )
      await inbox.stop()
      await transport.drop(queue)
      await room.until('it is listed no more', async () => !(await transport.listQueues())?.includes(queue))
    },
  },
  {
    name: 'drop: a queue goes with its messages and its shelf',
    async run(room) {
      const transport = await room.open()
      const queue = room.name()
      const inbox = await collect(transport, queue, () => ({ do: 'park', why: 'to be dropped' }))
      await put(transport, queue, 'parked')
      await room.until('it is parked', async () => (await transport.inspect(queue))?.parked === 1)
      await inbox.stop()
      await put(transport, queue, 'ready')
      await transport.drop(queue)
      assert.equal(await transport.inspect(queue), undefined)
      assert.deepEqual((await transport.publish([queue], message('late'))).gone, [queue])
      await transport.declare(queue)
      const report = await transport.inspect(queue, { peekParked: 5 })
      assert.deepEqual([report?.ready, report?.parked, report?.peeked], [0, 0, []])
    },
  },
  {
    name: 'drop: an absent queue is nothing to do, and a shelf is not dropped alone',
    async run(room) {
      const transport = await room.open()
      const queue = room.name()
      await transport.drop(queue)
      await transport.drop(queue)
      await rejectsWith('invalid-argument', transport.drop(shelfOf(queue)))
      await rejectsWith('invalid-argument', transport.declare(shelfOf(queue)))
    },
  },
  {
    name: 'names: two namespaces see nothing of each other',
    needs: 'apart',
    async run(room) {
      const [here, there] = [await room.open(), await room.openApart()]
      const [queue, board, address] = [room.name(), room.name(), room.name()]
      await here.declare(queue)
      await here.announce(board, 'key', message('fact'))
      await here.respond(address, async () => message('answer'))
      assert.deepEqual((await there.publish([queue], message('m'))).gone, [queue])
      assert.equal(await there.inspect(queue), undefined)
      assert.ok(!(await there.listQueues())?.includes(queue))
      const seen: string[] = []
      await there.watch(board, ({ type }) => void seen.push(type))
      await room.until('the empty board has synced', () => seen.length > 0)
      assert.deepEqual(seen, ['synced'])
      await rejectsWith('nobody-there', there.request(address, message('q'), { timeoutMs: 10_000 }))
    },
  },
]
