import { strict as assert } from 'node:assert'
import { shelfOf } from '@recordcast/transport'
import type { ExamCase } from '../exam.js'
import { ack, collect, put, rejectsWith, series } from '../helpers.js'

export const inspecting: readonly ExamCase[] = [
  {
    name: 'inspect: a queue that does not exist is undefined, one that does is counted',
    async run(room) {
      const transport = await room.open()
      const queue = room.name()
      assert.equal(await transport.inspect(queue), undefined)
      await transport.declare(queue)
      assert.deepEqual(await transport.inspect(queue, { peekParked: 3 }), {
        ready: 0,
        unsettled: 0,
        parked: 0,
        attended: false,
        peeked: [],
      })
      await rejectsWith('invalid-argument', transport.inspect(''))
      await rejectsWith('invalid-argument', transport.inspect(queue, { peekParked: -1 }))
    },
  },
  {
    name: 'inspect: counts what is ready, unsettled and parked, and whether anybody consumes',
    async run(room) {
      const transport = await room.open()
      const queue = room.name()
      const gate = room.gate()
      const inbox = await collect(
        transport,
        queue,
        ({ message: { id } }) => (id.startsWith('bad') ? { do: 'park', why: 'bad' } : gate.opened.then(() => ack)),
        2,
      )
      await put(transport, queue, 'bad-1', 'bad-2', 'bad-3', ...series('m', 6))
      await room.until('the figures are right', async () => {
        const report = await transport.inspect(queue)
        return report?.ready === 4 && report.unsettled === 2 && report.parked === 3 && report.attended
      })
      gate.open()
      await room.until('all is done', async () => {
        const report = await transport.inspect(queue)
        return report?.ready === 0 && report.unsettled === 0 && inbox.ids.length === 9
      })
      await inbox.stop()
      await room.until('nobody consumes', async () => (await transport.inspect(queue))?.attended === false)
    },
  },
  {
    name: 'inspect: looking at a queue again and again takes nothing from its consumers',
    async run(room) {
      const [transport, watcher] = [await room.open(), await room.open()]
      const queue = room.name()
      const inbox = await collect(transport, queue, undefined, 1)
      const ids = series('m', 100)
      for (const id of ids) {
        await put(transport, queue, id)
        await watcher.inspect(queue, { peekParked: 5 })
      }
      await room.until('all have come', () => inbox.ids.length >= ids.length)
      assert.deepEqual(inbox.ids, ids)
      assert.ok(inbox.deliveries.every(({ redelivered }) => !redelivered))
    },
  },
  {
    name: 'inspect: a shelf can be looked at as a queue',
    async run(room) {
      const transport = await room.open()
      const queue = room.name()
      assert.equal(await transport.inspect(shelfOf(queue)), undefined)
      await collect(transport, queue, () => ({ do: 'park', why: 'for the shelf' }))
      await put(transport, queue, 'm')
      await room.until('one is ready there', async () => (await transport.inspect(shelfOf(queue)))?.ready === 1)
    },
  },
]
