import { strict as assert } from 'node:assert'
import type { Message } from '@recordcast/transport'
import type { ExamCase } from '../exam.js'
import { message, rejectsWith, sameBytes, series, textOf } from '../helpers.js'

const timeoutMs = 10_000

export const requests: readonly ExamCase[] = [
  {
    name: 'request: resolves with the answer, bytes and headers both ways',
    async run(room) {
      const [asker, answerer] = [await room.open(), await room.open()]
      const address = room.name()
      const bytes = Uint8Array.from({ length: 512 }, (_, index) => index % 256)
      await answerer.respond(address, async ({ id, body, headers }) => ({
        id: `re: ${id}`,
        body: body.reverse(),
        headers: { ...headers, answered: 'да' },
      }))
      const answer = await asker.request(address, message('q', bytes, { asked: 'yes' }), { timeoutMs })
      assert.equal(answer.id, 're: q')
      assert.deepEqual({ ...answer.headers }, { asked: 'yes', answered: 'да' })
      sameBytes(answer.body, Uint8Array.from(bytes).reverse())
    },
  },
  {
    name: 'request: nobody there is told at once, not after the time-out',
    async run(room) {
      const transport = await room.open()
      const began = performance.now()
      await rejectsWith('nobody-there', transport.request(room.name(), message('q'), { timeoutMs: 60_000 }))
      assert.ok(performance.now() - began < 10_000, 'long before the time-out')
    },
  },
  {
    name: 'request: a responder that says nothing is a time-out, not nobody',
    async run(room) {
      const [asker, answerer] = [await room.open(), await room.open()]
      const address = room.name()
      const gate = room.gate()
      await answerer.respond(address, () => gate.opened.then(() => message('too late')))
      const began = performance.now()
      await rejectsWith('request-timeout', asker.request(address, message('q'), { timeoutMs: 300 }))
      assert.ok(performance.now() - began >= 290, 'not before its time')
    },
  },
  {
    name: 'request: a responder that throws or answers no message has failed, and answers the next',
    async run(room) {
      const [asker, answerer] = [await room.open(), await room.open()]
      const address = room.name()
      await answerer.respond(address, (question) => {
        if (question.id === 'sync') throw new Error('boom')
        if (question.id === 'async') return Promise.reject(new Error('boom'))
        if (question.id === 'undefined') return Promise.reject(undefined)
        if (question.id === 'nothing') return Promise.resolve(undefined as unknown as Message)
        return Promise.resolve(message('fine'))
      })
      for (const id of ['sync', 'async', 'undefined', 'nothing'])
        await rejectsWith('responder-failed', asker.request(address, message(id), { timeoutMs }))
      assert.equal((await asker.request(address, message('q'), { timeoutMs })).id, 'fine')
    },
  },
  {
    name: 'request: several responders at one address share its requests, one answers each',
    async run(room) {
      const [asker, one, other] = [await room.open(), await room.open(), await room.open()]
      const address = room.name()
      const heard: string[][] = [[], []]
      for (const [index, transport] of [one, other].entries())
        await transport.respond(address, async ({ id }) => {
          heard[index]!.push(id)
          return message(id)
        })
      const ids = series('q', 100)
      await Promise.all(ids.map((id) => asker.request(address, message(id), { timeoutMs })))
      assert.deepEqual(heard.flat().sort(), [...ids].sort())
      assert.ok(heard[0]!.length > 0 && heard[1]!.length > 0, 'each had its share')
    },
  },
  {
    name: 'request: many at once each get their own answer, whatever their order',
    async run(room) {
      const [asker, answerer] = [await room.open(), await room.open()]
      const [address, other] = [room.name(), room.name()]
      await answerer.respond(address, async (question) => {
        if (question.id.endsWith('0')) await room.quiet(30)
        return message('answer', `here ${question.id}`)
      })
      await answerer.respond(other, async (question) => message('answer', `other ${question.id}`))
      const ids = series('q', 100)
      const ask = (at: string, id: string): Promise<Message> => asker.request(at, message(id), { timeoutMs })
      const answers = await Promise.all(ids.map((id, n) => ask(n % 2 === 0 ? address : other, id)))
      assert.deepEqual(
        answers.map(textOf),
        ids.map((id, n) => `${n % 2 === 0 ? 'here' : 'other'} ${id}`),
      )
    },
  },
  {
    name: 'request: a large question and a large answer arrive whole',
    async run(room) {
      const [asker, answerer] = [await room.open(), await room.open()]
      const address = room.name()
      const large = new Uint8Array(Math.min(512 * 1024, asker.traits.maxBodyBytes)).map((_, index) => index % 251)
      await answerer.respond(address, async ({ body }) => message('answer', body))
      sameBytes((await asker.request(address, message('q', large), { timeoutMs })).body, large)
    },
  },
  {
    name: 'respond: stop lets the answer that runs go out; after it nobody is there',
    async run(room) {
      const [asker, answerer] = [await room.open(), await room.open()]
      const address = room.name()
      const gate = room.gate()
      let asked = false
      const running = await answerer.respond(address, async () => {
        asked = true
        await gate.opened
        return message('answer')
      })
      const answer = asker.request(address, message('q'), { timeoutMs })
      await room.until('it is asked', () => asked)
      const stopped = running.stop()
      gate.open()
      assert.equal((await answer).id, 'answer')
      await stopped
      await running.stop()
      await rejectsWith('nobody-there', asker.request(address, message('q'), { timeoutMs }))
    },
  },
  {
    name: 'request: what no driver can carry is refused with invalid-argument',
    async run(room) {
      const transport = await room.open()
      const address = room.name()
      for (const bad of [0, -1, Number.NaN, Number.POSITIVE_INFINITY])
        await rejectsWith('invalid-argument', transport.request(address, message('q'), { timeoutMs: bad }))
      await rejectsWith('invalid-argument', transport.request('', message('q'), { timeoutMs }))
      await rejectsWith('invalid-argument', transport.request(address, message(''), { timeoutMs }))
      await rejectsWith(
        'invalid-argument',
        transport.respond('', async () => message('answer')),
      )
    },
  },
]
