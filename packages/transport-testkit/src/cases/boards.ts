import { strict as assert } from 'node:assert'
import type { Change, Running, Transport } from '@recordcast/transport'
import type { ExamCase } from '../exam.js'
import { each, message, rejectsWith, sameBytes, series, textOf } from '../helpers.js'

export interface Seen extends Running {
  readonly changes: readonly Change[]
  /** What stands according to the changes: key → body as text. */
  readonly state: ReadonlyMap<string, string>
  readonly synced: () => boolean
}

/** Watches and keeps what came. */
export async function look(transport: Transport, board: string): Promise<Seen> {
  const changes: Change[] = []
  const state = new Map<string, string>()
  const running = await transport.watch(board, (change) => {
    changes.push(change)
    if (change.type === 'fact') state.set(change.key, textOf(change.fact))
    if (change.type === 'gone') state.delete(change.key)
  })
  const synced = (): boolean => changes.some(({ type }) => type === 'synced')
  return { changes, state, synced, stop: () => running.stop() }
}

export const boards: readonly ExamCase[] = [
  {
    name: 'announce: what stands is replayed to a late watcher, the last fact of a key, then synced',
    async run(room) {
      const [one, other] = [await room.open(), await room.open()]
      const board = room.name()
      await one.announce(board, 'a', message('1', 'a1'))
      await one.announce(board, 'b', message('2', 'b1'))
      await one.announce(board, 'a', message('3', 'a2'))
      const seen = await look(other, board)
      await room.until('it has synced', seen.synced)
      assert.deepEqual(seen.changes.at(-1), { type: 'synced' }, 'synced comes after the facts')
      assert.deepEqual(Object.fromEntries(seen.state), { a: 'a2', b: 'b1' })
    },
  },
  {
    name: 'announce: null takes a key away, and a late watcher does not see it',
    async run(room) {
      const transport = await room.open()
      const board = room.name()
      await transport.announce(board, 'gone', message('1'))
      await transport.announce(board, 'stays', message('2'))
      await transport.announce(board, 'gone', null)
      await transport.announce(board, 'never was', null)
      const seen = await look(transport, board)
      await room.until('it has synced', seen.synced)
      assert.deepEqual([...seen.state.keys()], ['stays'])
      assert.ok(!seen.changes.some((change) => change.type === 'fact' && change.key === 'gone'))
    },
  },
  {
    name: 'announce: two boards do not mix',
    async run(room) {
      const transport = await room.open()
      const [one, other] = [room.name(), room.name()]
      const seen = [await look(transport, one), await look(transport, other)]
      await transport.announce(one, 'key', message('1', 'of one'))
      await transport.announce(other, 'key', message('2', 'of the other'))
      await room.until('both have seen theirs', () => seen.every(({ state }) => state.size === 1))
      assert.deepEqual(
        seen.map(({ state }) => state.get('key')),
        ['of one', 'of the other'],
      )
    },
  },
  {
    name: 'announce: keys, headers and bodies are carried as they are',
    async run(room) {
      const transport = await room.open()
      const board = room.name()
      const keys = [
        'a.b',
        '*',
        '>',
        'ключ 🔑',
        '__proto__',
        'constructor',
        'a/b\\c',
        'x'.repeat(255),
        ' ',
        '!',
        '%2e',
        '=',
      ]
      const bytes = Uint8Array.from({ length: 512 }, (_, index) => index % 256)
      for (const key of keys) await transport.announce(board, key, message(key, bytes, { key }))
      const seen = await look(transport, board)
      await room.until('it has synced', seen.synced)
      assert.deepEqual([...seen.state.keys()].sort(), [...keys].sort())
      for (const change of seen.changes) {
        if (change.type !== 'fact') continue
        assert.equal(change.fact.id, change.key)
        assert.deepEqual({ ...change.fact.headers }, { key: change.key })
        sameBytes(change.fact.body, bytes)
      }
    },
  },
  {
    name: 'announce: a fact with an empty body stands, it is no removal',
    async run(room) {
      const transport = await room.open()
      const board = room.name()
      await transport.announce(board, 'key', message('1', new Uint8Array()))
      const seen = await look(transport, board)
      await room.until('it has synced', seen.synced)
      assert.deepEqual(
        seen.changes.map(({ type }) => type),
        ['fact', 'synced'],
      )
    },
  },
  {
    name: 'announce: a fact outlives the transport that announced it',
    async run(room) {
      const [one, other] = [await room.open(), await room.open()]
      const board = room.name()
      await one.announce(board, 'key', message('1', 'stays'))
      await one.close()
      const seen = await look(other, board)
      await room.until('it has synced', seen.synced)
      assert.equal(seen.state.get('key'), 'stays')
    },
  },
  {
    name: 'announce: 1,000 facts are all replayed before synced',
    async run(room) {
      const transport = await room.open()
      const board = room.name()
      const keys = series('key', 1000)
      await each(keys, 50, (key) => transport.announce(board, key, message(key)))
      const seen = await look(transport, board)
      await room.until('it has synced', seen.synced)
      assert.deepEqual([...seen.state.keys()].sort(), [...keys].sort())
    },
  },
  {
    name: 'announce: what no driver can carry is refused with invalid-argument or payload-too-large',
    async run(room) {
      const transport = await room.open()
      const board = room.name()
      for (const key of ['', 'x'.repeat(256), 'line\nbreak'])
        await rejectsWith('invalid-argument', transport.announce(board, key, message('1')))
      await rejectsWith('invalid-argument', transport.announce('', 'key', message('1')))
      await rejectsWith(
        'invalid-argument',
        transport.watch('', () => {}),
      )
      await rejectsWith('invalid-argument', transport.announce(board, 'key', message('')))
    },
  },
]
