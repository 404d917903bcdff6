import { strict as assert } from 'node:assert'
import type { ExamCase } from '../exam.js'
import { ack, collect, message, put, rejectsWith, series } from '../helpers.js'

export const crashing: readonly ExamCase[] = [
  {
    name: 'kill: messages without a verdict are delivered to another consumer, redelivered, and a late verdict is ignored',
    needs: 'kill',
    async run(room) {
      const [victim, other] = [await room.open(), await room.open()]
      const queue = room.name()
      const gate = room.gate()
      const dying = await collect(victim, queue, () => gate.opened.then(() => ack), 3)
      const ids = series('m', 10)
      await put(other, queue, ...ids)
      await room.until('three are in its hands', () => dying.ids.length === 3)
      await room.kill(victim)
      gate.open()
      const inbox = await collect(other, queue)
      await room.until('all have come', () => new Set(inbox.ids).size === 10)
      for (const {
        message: { id },
        redelivered,
        attempt,
      } of inbox.deliveries) {
        if (!dying.ids.includes(id)) continue
        assert.equal(redelivered, true, 'it may have been seen before')
        if (other.traits.attemptsCount === 'verdicts') assert.equal(attempt, 1)
      }
      assert.equal(dying.ids.length, 3, 'the dead one got nothing more')
    },
  },
  {
    name: 'kill: an instance queue ends with its transport, a durable one does not',
    needs: 'kill',
    async run(room) {
      const [victim, other] = [await room.open(), await room.open()]
      const [own, durable] = [room.name(), room.name()]
      await victim.declare(own, { lifetime: 'instance' })
      await victim.declare(durable)
      await put(victim, durable, 'm')
      await room.kill(victim)
      await room.until('the instance queue has ended', async () => {
        const { gone } = await other.publish([own], message('late'))
        return gone.includes(own)
      })
      const inbox = await collect(other, durable)
      await room.until('what was confirmed is there', () => inbox.ids.length === 1)
    },
  },
  {
    name: 'kill: a dead responder is nobody, and its facts still stand',
    needs: 'kill',
    async run(room) {
      const [victim, other] = [await room.open(), await room.open()]
      const [address, board] = [room.name(), room.name()]
      await victim.respond(address, async () => message('answer'))
      await victim.announce(board, 'key', message('fact'))
      assert.equal((await other.request(address, message('q'), { timeoutMs: 10_000 })).id, 'answer')
      await room.kill(victim)
      await room.until('nobody is there', async () => {
        const outcome = await other.request(address, message('q'), { timeoutMs: 500 }).catch((error) => error)
        return outcome.code === 'nobody-there'
      })
      await rejectsWith('nobody-there', other.request(address, message('q'), { timeoutMs: 10_000 }))
      const seen: string[] = []
      await other.watch(board, (change) => void seen.push(change.type))
      await room.until('the board has synced', () => seen.includes('synced'))
      assert.deepEqual(seen, ['fact', 'synced'])
    },
  },
]
