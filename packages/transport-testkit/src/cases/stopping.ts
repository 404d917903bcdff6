import { strict as assert } from 'node:assert'
import type { ExamCase } from '../exam.js'
import { ack, collect, put, series } from '../helpers.js'

export const stopping: readonly ExamCase[] = [
  {
    name: 'stop: takes nothing new and waits for the verdict that runs',
    async run(room) {
      const transport = await room.open()
      const queue = room.name()
      const gate = room.gate()
      const inbox = await collect(transport, queue, () => gate.opened.then(() => ack), 1)
      await put(transport, queue, 'runs', 'waits')
      await room.until('the first runs', () => inbox.ids.length === 1)
      let ended = false
      const stopped = inbox.stop().then(() => {
        ended = true
      })
      await room.quiet(100)
      assert.equal(ended, false, 'the verdict is not there yet')
      gate.open()
      await stopped
      await inbox.stop()
      assert.deepEqual(inbox.ids, ['runs'])
      const next = await collect(transport, queue)
      await room.until('what was not begun comes to the next consumer', () => next.ids.length > 0)
      await room.quiet(100)
      assert.deepEqual(next.ids, ['waits'], 'and what was acked does not')
    },
  },
  {
    name: 'stop: in the middle of a backlog loses nothing, another consumer continues',
    async run(room) {
      const transport = await room.open()
      const queue = room.name()
      await transport.declare(queue)
      const ids = series('m', 300)
      for (const id of ids) await put(transport, queue, id)
      const acked: string[] = []
      for (let round = 1; round <= 5; round++) {
        const inbox = await collect(transport, queue, ({ message: { id } }) => {
          acked.push(id)
          return ack
        })
        await room.until('it has taken its part', () => acked.length >= Math.min(round * 40, ids.length))
        await inbox.stop()
      }
      const last = await collect(transport, queue, ({ message: { id } }) => {
        acked.push(id)
        return ack
      })
      await room.until('all are acked', () => acked.length >= ids.length)
      await last.stop()
      assert.deepEqual([...acked].sort(), [...ids].sort())
    },
  },
]
