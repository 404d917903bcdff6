import { strict as assert } from 'node:assert'
import { shelfOf, type Transport } from '@recordcast/transport'
import { replayParked } from '@recordcast/transport/replay'
import type { ExamCase } from '../exam.js'
import { ack, collect, message, put, series, textOf } from '../helpers.js'
import type { Room } from '../room.js'

export const parking: readonly ExamCase[] = [
  {
    name: 'park: the message leaves its queue and stands on the shelf with why, headers, attempt and time',
    async run(room) {
      const transport = await room.open()
      const queue = room.name()
      const began = Date.now()
      await collect(transport, queue, ({ attempt }) =>
        attempt < 2
          ? { do: 'retry', afterMs: 0, why: 'again' }
          : { do: 'park', why: 'gives up: ünable', headers: { over: 'new', added: 'line\nbreak' } },
      )
      await put(transport, queue, message('m', 'body', { kept: 'yes', over: 'old' }))
      // First the copy stands on the shelf, and then the original is let go of: for a moment it may be in both places.
      await room.until('it is parked, and nowhere else', async () => {
        const now = await transport.inspect(queue)
        return now?.parked === 1 && now.unsettled === 0
      })
      const report = await transport.inspect(queue, { peekParked: 10 })
      assert.deepEqual([report?.ready, report?.unsettled, report?.peeked.length], [0, 0, 1])
      const { message: parked, why, attempt, parkedAt } = report!.peeked[0]!
      assert.deepEqual([parked.id, textOf(parked), why, attempt], ['m', 'body', 'gives up: ünable', 2])
      assert.deepEqual({ ...parked.headers }, { kept: 'yes', over: 'new', added: 'line\nbreak' })
      assert.equal(new Date(parkedAt).toISOString(), parkedAt)
      assert.ok(Date.parse(parkedAt) >= began - 1000 && Date.parse(parkedAt) <= Date.now() + 1000)
    },
  },
  {
    name: 'park: what is consumed from the shelf carries why, attempt and time as headers',
    async run(room) {
      const transport = await room.open()
      const queue = await parked(room, transport, ['m'])
      const inbox = await collect(transport, shelfOf(queue))
      await room.until('it has come', () => inbox.ids.length === 1)
      const { headers } = inbox.deliveries[0]!.message
      assert.deepEqual([headers['rc-why'], headers['rc-attempt'], headers.kept], ['parked m', '1', 'yes'])
      assert.ok(!Number.isNaN(Date.parse(headers['rc-parked-at'] ?? '')))
    },
  },
  {
    name: 'park: a long why arrives at least by its beginning',
    async run(room) {
      const transport = await room.open()
      const queue = room.name()
      const why = 'é'.repeat(5000)
      await collect(transport, queue, () => ({ do: 'park', why }))
      await put(transport, queue, 'm')
      await room.until('it is parked', async () => (await transport.inspect(queue))?.parked === 1)
      const kept = (await transport.inspect(queue, { peekParked: 1 }))!.peeked[0]!.why
      assert.ok(kept.length >= 1000 && why.startsWith(kept))
    },
  },
  {
    name: 'park: messages keep their order on the shelf, and peeking disturbs nothing',
    async run(room) {
      const transport = await room.open()
      const ids = series('m', 5)
      const queue = await parked(room, transport, ids)
      for (const count of [3, 0, 100]) {
        const report = await transport.inspect(queue, { peekParked: count })
        assert.deepEqual(
          report?.peeked.map((each) => each.message.id),
          ids.slice(0, count),
        )
        assert.equal(report?.parked, 5)
      }
      const inbox = await collect(transport, shelfOf(queue), undefined, 1)
      await room.until('all have come', () => inbox.ids.length === 5)
      assert.deepEqual(inbox.ids, ids)
    },
  },
  {
    name: 'park: on the shelf itself stays on the same shelf',
    async run(room) {
      const transport = await room.open()
      const queue = await parked(room, transport, ['m'])
      let times = 0
      const inbox = await collect(transport, shelfOf(queue), () => {
        times++
        return times === 1 ? { do: 'park', why: 'still not' } : ack
      })
      await room.until('it has come twice', () => inbox.ids.length === 2)
      assert.equal(inbox.deliveries[1]!.message.headers['rc-why'], 'still not')
    },
  },
  {
    name: 'replay: everything comes again at attempt 1 with its first id named, and a second replay finds nothing',
    async run(room) {
      const transport = await room.open()
      const queue = await parked(room, transport, ['a', 'b', 'c', 'd'])
      assert.deepEqual(await replayParked(transport, queue), { replayed: 4, dropped: 0, kept: 0, failed: [] })
      assert.deepEqual(await replayParked(transport, queue), { replayed: 0, dropped: 0, kept: 0, failed: [] })
      const inbox = await collect(transport, queue, undefined, 1)
      await room.until('all have come', () => inbox.ids.length === 4)
      const firstIds = inbox.deliveries.map((delivery) => delivery.message.headers['redrive-of'])
      assert.deepEqual(firstIds, ['a', 'b', 'c', 'd'])
      assert.deepEqual(
        inbox.ids.map((id) => /^[a-d]#r\d+$/.test(id)),
        [true, true, true, true],
        'ids of their own',
      )
      for (const { attempt, message: back } of inbox.deliveries) {
        assert.equal(attempt, 1)
        assert.equal(back.headers.kept, 'yes')
        assert.deepEqual(
          Object.keys(back.headers).filter((name) => name.startsWith('rc-')),
          [],
        )
      }
    },
  },
  {
    name: 'replay: what is not selected stays parked, in its order',
    async run(room) {
      const transport = await room.open()
      const ids = series('m', 9)
      const queue = await parked(room, transport, ids)
      const odd = (id: string): boolean => Number(id.slice(2)) % 2 === 1
      const select = (each: { readonly message: { readonly id: string } }): boolean => odd(each.message.id)
      assert.deepEqual(await replayParked(transport, queue, { select }), {
        replayed: 4,
        dropped: 0,
        kept: 5,
        failed: [],
      })
      await room.until('the rest is back', async () => (await transport.inspect(queue))?.parked === 5)
      const left = await transport.inspect(queue, { peekParked: 9 })
      assert.deepEqual(
        left?.peeked.map((each) => each.message.id).sort(),
        ids.filter((id) => !odd(id)),
      )
      assert.deepEqual(await replayParked(transport, queue, { action: 'drop' }), {
        replayed: 0,
        dropped: 5,
        kept: 0,
        failed: [],
      })
      assert.equal((await transport.inspect(queue))?.parked, 0)
    },
  },
]

/** A queue that nobody consumes, with these messages on its shelf. */
async function parked(room: Room, transport: Transport, ids: readonly string[]): Promise<string> {
  const queue = room.name()
  const inbox = await collect(transport, queue, ({ message: { id } }) => ({ do: 'park', why: `parked ${id}` }), 1)
  for (const id of ids) await put(transport, queue, message(id, id, { kept: 'yes' }))
  await room.until('all are parked', async () => (await transport.inspect(queue))?.parked === ids.length)
  await inbox.stop()
  return queue
}
