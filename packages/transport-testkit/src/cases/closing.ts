import { strict as assert } from 'node:assert'
import type { ExamCase } from '../exam.js'
import { ack, collect, message, put, rejectsWith, series } from '../helpers.js'

export const closing: readonly ExamCase[] = [
  {
    name: 'close: called twice, or ten times at once, it resolves as often',
    async run(room) {
      const transport = await room.open()
      await collect(transport, room.name())
      await Promise.all(Array.from({ length: 10 }, () => transport.close()))
      await transport.close()
    },
  },
  {
    name: 'close: every other verb then rejects with transport-closed',
    async run(room) {
      const transport = await room.open()
      const name = room.name()
      await transport.declare(name)
      await transport.close()
      const verbs: Record<string, () => Promise<unknown>> = {
        publish: () => transport.publish([name], message('m')),
        declare: () => transport.declare(name),
        consume: () => transport.consume(name, { concurrency: 1 }, async () => ack),
        announce: () => transport.announce(name, 'key', message('m')),
        watch: () => transport.watch(name, () => {}),
        request: () => transport.request(name, message('m'), { timeoutMs: 1000 }),
        respond: () => transport.respond(name, async () => message('m')),
        inspect: () => transport.inspect(name),
        drop: () => transport.drop(name),
        listQueues: () => transport.listQueues(),
      }
      for (const verb of Object.values(verbs)) await rejectsWith('transport-closed', verb())
    },
  },
  {
    name: 'close: takes nothing new, waits for the verdicts that run, and leaves the rest to others',
    async run(room) {
      const [transport, other] = [await room.open(), await room.open()]
      const queue = room.name()
      const gate = room.gate()
      const inbox = await collect(transport, queue, () => gate.opened.then(() => ack), 2)
      await put(other, queue, ...series('m', 6))
      await room.until('two run', () => inbox.ids.length === 2)
      let ended = false
      const closed = transport.close().then(() => {
        ended = true
      })
      await rejectsWith('transport-closed', transport.publish([queue], message('late')))
      await room.quiet(100)
      assert.equal(ended, false, 'the verdicts are not there yet')
      gate.open()
      await closed
      assert.equal(inbox.ids.length, 2)
      const next = await collect(other, queue)
      await room.until('the rest has come', () => next.ids.length >= 4)
      await room.quiet(100)
      assert.deepEqual(
        [...next.ids].sort(),
        series('m', 6).filter((id) => !inbox.ids.includes(id)),
      )
    },
  },
  {
    name: 'close: what was published before it is confirmed',
    async run(room) {
      const [transport, other] = [await room.open(), await room.open()]
      const queue = room.name()
      await transport.declare(queue)
      const ids = series('m', 200)
      const reports = ids.map((id) => transport.publish([queue], message(id)))
      await transport.close()
      for (const report of await Promise.all(reports)) assert.deepEqual(report, { gone: [], failed: [] })
      const inbox = await collect(other, queue)
      await room.until('all have come', () => inbox.ids.length >= ids.length)
    },
  },
  {
    name: 'close: a request that is unanswered rejects with transport-closed',
    async run(room) {
      const [asker, answerer] = [await room.open(), await room.open()]
      const address = room.name()
      const gate = room.gate()
      let asked = false
      await answerer.respond(address, async () => {
        asked = true
        await gate.opened
        return message('late')
      })
      const unanswered = rejectsWith('transport-closed', asker.request(address, message('q'), { timeoutMs: 60_000 }))
      await room.until('it is asked', () => asked)
      await asker.close()
      await unanswered
    },
  },
  {
    name: 'close: ends what this transport began and disturbs no other',
    async run(room) {
      const [leaving, staying] = [await room.open(), await room.open()]
      const [queue, board, address] = [room.name(), room.name(), room.name()]
      const left = await collect(leaving, queue)
      const stayed = await collect(staying, queue)
      const seen: string[] = []
      await leaving.watch(board, (change) => void seen.push(change.type))
      await leaving.respond(address, async () => message('leaving'))
      await staying.respond(address, async () => message('staying'))
      await room.until('the board has synced', () => seen.length === 1)
      await leaving.close()
      const before = left.ids.length
      await put(staying, queue, ...series('m', 20))
      await staying.announce(board, 'key', message('fact'))
      await room.until('the other has all', () => stayed.ids.length === 20)
      for (const id of series('q', 10))
        assert.equal((await staying.request(address, message(id), { timeoutMs: 10_000 })).id, 'staying')
      assert.deepEqual([left.ids.length, seen], [before, ['synced']])
    },
  },
]
