import { strict as assert } from 'node:assert'
import type { Verdict } from '@recordcast/transport'
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
    name: 'kill: deaths in a row are counted where the broker tells, a return says what the count shall be, a retry ends it',
    needs: 'kill',
    async run(room) {
      const queue = room.name()
      const publisher = await room.open()
      const gate = room.gate()
      await publisher.declare(queue)
      await put(publisher, queue, 'm')
      const told: (number | undefined)[] = []
      for (let deaths = 0; deaths < 2; deaths++) {
        const victim = await room.open()
        const dying = await collect(victim, queue, () => gate.opened.then(() => ack), 1)
        await room.until('it is in its hands', () => dying.ids.length === 1)
        told.push(dying.deliveries[0]!.unanswered)
        await room.kill(victim)
      }
      const verdicts: Verdict[] = [
        { do: 'return', afterMs: 10, why: 'keep', unanswered: 2 },
        { do: 'return', afterMs: 10, why: 'more', unanswered: 7 },
        { do: 'return', afterMs: 10, why: 'anew' },
        { do: 'retry', afterMs: 0, why: 'anew' },
        ack,
      ]
      gate.open()
      let next = 0
      const inbox = await collect(publisher, queue, async () => verdicts[next++] ?? ack)
      await room.until('all verdicts are given', () => inbox.ids.length === verdicts.length)
      told.push(...inbox.deliveries.map(({ unanswered }) => unanswered))
      assert.ok(inbox.deliveries.every(({ redelivered }) => redelivered))
      const silent = told.every((count) => count === undefined)
      if (!silent) assert.deepEqual(told, [0, 1, 2, 2, 7, 0, 0])
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
