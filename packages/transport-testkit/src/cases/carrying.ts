import { strict as assert } from 'node:assert'
import type { ExamCase } from '../exam.js'
import { collect, message, put, rejectsWith, sameBytes, series, textOf } from '../helpers.js'

export const carrying: readonly ExamCase[] = [
  {
    name: 'publish: an empty body and every value of a byte survive',
    async run(room) {
      const transport = await room.open()
      const queue = room.name()
      await transport.declare(queue)
      const bytes = Uint8Array.from({ length: 1024 }, (_, index) => index % 256)
      await put(transport, queue, message('empty', new Uint8Array()), message('bytes', bytes))
      const inbox = await collect(transport, queue, undefined, 1)
      await room.until('both have come', () => inbox.ids.length === 2)
      assert.ok(inbox.deliveries[0]!.message.body instanceof Uint8Array)
      sameBytes(inbox.deliveries[0]!.message.body, new Uint8Array())
      sameBytes(inbox.deliveries[1]!.message.body, bytes)
    },
  },
  {
    name: 'publish: a body of the largest size arrives whole, one byte more is refused and not stored',
    async run(room) {
      const transport = await room.open()
      const queue = room.name()
      await transport.declare(queue)
      const largest = new Uint8Array(transport.traits.maxBodyBytes).fill(7)
      largest[largest.length - 1] = 8
      await rejectsWith(
        'payload-too-large',
        transport.publish([queue], message('over', new Uint8Array(largest.length + 1))),
      )
      await put(transport, queue, message('largest', largest))
      const inbox = await collect(transport, queue)
      await room.until('it has come', () => inbox.ids.length > 0)
      assert.deepEqual(inbox.ids, ['largest'])
      sameBytes(inbox.deliveries[0]!.message.body, largest)
    },
  },
  {
    name: 'publish: headers arrive as they were given',
    async run(room) {
      const transport = await room.open()
      const queue = room.name()
      await transport.declare(queue)
      const many = Object.fromEntries(series('h', 40).map((name) => [name, name]))
      const odd = { empty: '', spaces: '  two  ', lines: 'a\r\nb\tc', script: 'Grüße, 世界 🌍', quotes: `"'\\%{}` }
      const headers = { ...many, ...odd, constructor: 'own', 'a-1': 'x'.repeat(2000) }
      await put(transport, queue, message('m', 'body', headers), message('none', 'body', {}))
      const inbox = await collect(transport, queue, undefined, 1)
      await room.until('both have come', () => inbox.ids.length === 2)
      assert.deepEqual({ ...inbox.deliveries[0]!.message.headers }, headers)
      assert.deepEqual({ ...inbox.deliveries[1]!.message.headers }, {})
    },
  },
  {
    name: 'publish: names and ids in any script are carried',
    async run(room) {
      const transport = await room.open()
      const queues = ['é 世界', '.a..b.', '*.>#', '%2F/\\', 'A'].map((odd) => room.name() + odd)
      const ids = ['ключ 🔑', 'a.b*>#', 'x'.repeat(255), ' ', '%00']
      for (const [index, queue] of queues.entries()) {
        await transport.declare(queue)
        await put(transport, queue, ids[index]!)
      }
      for (const [index, queue] of queues.entries()) {
        const inbox = await collect(transport, queue)
        await room.until(`${queue} has delivered`, () => inbox.ids.length > 0)
        assert.deepEqual(inbox.ids, [ids[index]])
        await inbox.stop()
        await transport.drop(queue)
      }
    },
  },
  {
    name: 'publish: bytes are copied on the way in and on the way out',
    async run(room) {
      const transport = await room.open()
      const queues = [room.name(), room.name()]
      for (const queue of queues) await transport.declare(queue)
      const body = new TextEncoder().encode('as published')
      const report = transport.publish(queues, message('m', body))
      body.fill(0)
      await report
      for (const queue of queues) {
        const inbox = await collect(transport, queue, ({ message: { body: own }, attempt }) => {
          if (attempt > 1) return { do: 'ack' }
          own.fill(1)
          return { do: 'retry', afterMs: 0, why: 'once more' }
        })
        await room.until('it has come twice', () => inbox.ids.length === 2)
        assert.equal(textOf(inbox.deliveries[1]!.message), 'as published')
      }
    },
  },
  {
    name: 'publish: what no driver can carry is refused with invalid-argument',
    async run(room) {
      const transport = await room.open()
      const queue = room.name()
      await transport.declare(queue)
      const publish = (name: string, given: unknown) => transport.publish([name], given as ReturnType<typeof message>)
      const bad = (part: object): Promise<unknown> => publish(queue, { ...message('m'), ...part })
      for (const name of ['', 'a!b', `${queue}!parked`, 'x'.repeat(201), 'line\nbreak'])
        await rejectsWith('invalid-argument', publish(name, message('m')))
      for (const id of ['', 'é'.repeat(128), 7, undefined]) await rejectsWith('invalid-argument', bad({ id }))
      for (const body of ['text', undefined, [1], new ArrayBuffer(1)])
        await rejectsWith('invalid-argument', bad({ body }))
      for (const headers of [
        { Upper: 'a' },
        { a_b: 'c' },
        { '': 'a' },
        { 'rc-why': 'x' },
        { n: 1 },
        null,
        { big: 'x'.repeat(16_400) },
      ])
        await rejectsWith('invalid-argument', bad({ headers }))
      assert.equal((await transport.inspect(queue))?.ready, 0, 'nothing was stored')
    },
  },
]
