import { strict as assert } from 'node:assert'
import type { ExamCase } from '../exam.js'
import { message, series } from '../helpers.js'
import { look, type Seen } from './boards.js'

export const watching: readonly ExamCase[] = [
  {
    name: 'watch: an empty board syncs, exactly once',
    async run(room) {
      const transport = await room.open()
      const board = room.name()
      const seen = await look(transport, board)
      await room.until('it has synced', seen.synced)
      await transport.announce(board, 'key', message('1'))
      await room.until('the fact has come', () => seen.state.size === 1)
      assert.deepEqual(
        seen.changes.map(({ type }) => type),
        ['synced', 'fact'],
      )
    },
  },
  {
    name: 'watch: changes come live to every watcher, in the order of the board',
    async run(room) {
      const transports = [await room.open(), await room.open(), await room.open()]
      const board = room.name()
      const watchers = await Promise.all(transports.map((transport) => look(transport, board)))
      await room.until('all have synced', () => watchers.every(({ synced }) => synced()))
      const keys = series('key', 200)
      for (const key of keys) await transports[0]!.announce(board, key, message(key))
      await room.until('all have seen all', () => watchers.every(({ state }) => state.size === keys.length))
      for (const { state } of watchers) assert.deepEqual([...state.keys()], keys)
    },
  },
  {
    name: 'watch: sees the removal of a key, and the key when it comes again',
    async run(room) {
      const [one, other] = [await room.open(), await room.open()]
      const board = room.name()
      await one.announce(board, 'key', message('1', 'first'))
      const seen = await look(other, board)
      await room.until('it has synced', seen.synced)
      await one.announce(board, 'key', null)
      await room.until('the removal has come', () => seen.state.size === 0)
      assert.deepEqual(seen.changes.at(-1), { type: 'gone', key: 'key' })
      await one.announce(board, 'key', message('2', 'second'))
      await room.until('the key is back', () => seen.state.get('key') === 'second')
    },
  },
  {
    name: 'watch: misses no last state of a key that is announced while it replays',
    async run(room) {
      const [writer, reader] = [await room.open(), await room.open()]
      const board = room.name()
      const keys = series('key', 20)
      let stop = false
      const last = new Map<string, string>()
      const writing = (async () => {
        for (let round = 0; !stop || round < 10; round++)
          for (const key of keys) {
            const removed = (round + Number(key.slice(4))) % 5 === 0
            await writer.announce(board, key, removed ? null : message(key, `${round}`))
            if (removed) last.delete(key)
            else last.set(key, `${round}`)
          }
      })()
      const watchers: Seen[] = []
      for (let n = 0; n < 5; n++) {
        watchers.push(await look(reader, board))
        await room.quiet(5)
      }
      stop = true
      await writing
      const expected = JSON.stringify([...last].sort())
      const agrees = ({ state }: { state: ReadonlyMap<string, string> }) =>
        JSON.stringify([...state].sort()) === expected
      await room.until('all agree with what stands', () => watchers.every(agrees))
      for (const { changes } of watchers) assert.equal(changes.filter(({ type }) => type === 'synced').length, 1)
    },
  },
  {
    name: 'watch: a see that throws is told of, and misses nothing after it',
    async run(room) {
      const transport = await room.open()
      const board = room.name()
      const keys: string[] = []
      const errors: Error[] = []
      const onError = (error: Error): void => void errors.push(error)
      await transport.watch(
        board,
        (change) => {
          if (change.type !== 'fact') return
          keys.push(change.key)
          if (change.key === 'bad') throw new Error('see failed')
        },
        { onError },
      )
      for (const key of ['a', 'bad', 'b']) await transport.announce(board, key, message(key))
      await room.until('all have come', () => keys.length === 3)
      assert.deepEqual(keys, ['a', 'bad', 'b'])
      await room.until('it is told', () => errors.length === 1)
    },
  },
  {
    name: 'watch: after stop nothing more is seen, and other watchers still see',
    async run(room) {
      const transport = await room.open()
      const board = room.name()
      const stopped = await look(transport, board)
      const other = await look(transport, board)
      await room.until('both have synced', () => stopped.synced() && other.synced())
      await stopped.stop()
      await stopped.stop()
      await transport.announce(board, 'key', message('1'))
      await room.until('the other has seen it', () => other.state.size === 1)
      await room.quiet(50)
      assert.equal(stopped.state.size, 0)
    },
  },
]
