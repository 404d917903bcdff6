import { strict as assert } from 'node:assert'
import { randomUUID } from 'node:crypto'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import type { Transport } from '@recordcast/transport'
import type { ExamCase } from '../exam.js'
import { ack, message, put } from '../helpers.js'
import type { Room } from '../room.js'

const times = 5

/** Begins and ends something that holds `weight`, having seen it at work. */
type ComeAndGo = (transport: Transport, name: string, room: Room, weight: object) => Promise<void>

/** What a callback that holds the weight is told; it goes with the callback. */
const counting = (weight: object): { readonly heard: () => number; readonly hear: () => void } => {
  const holder = { weight, count: 0 }
  return { heard: () => holder.count, hear: () => void holder.count++ }
}

const comers: Readonly<Record<string, ComeAndGo>> = {
  async consumer(transport, queue, room, weight) {
    const { heard, hear } = counting(weight)
    const running = await transport.consume(queue, { concurrency: 1, onError: hear }, () => {
      hear()
      return ack
    })
    await put(transport, queue, randomUUID())
    await room.until('it is handled', () => heard() > 0)
    await running.stop()
  },
  async watcher(transport, board, room, weight) {
    const { heard, hear } = counting(weight)
    const running = await transport.watch(board, hear, { onError: hear })
    await room.until('it has synced', () => heard() > 0)
    await running.stop()
  },
  async responder(transport, address, _, weight) {
    const { heard, hear } = counting(weight)
    const running = await transport.respond(address, async (question) => {
      hear()
      return question
    })
    await transport.request(address, message('q'), { timeoutMs: 10_000 })
    await running.stop()
    assert.equal(heard(), 1)
  },
}

/** Collects what nobody holds any more, in a process that was not started for that as well. */
function collector(): () => void {
  setFlagsFromString('--expose-gc')
  return runInNewContext('gc') as () => void
}

export const lettingGo: readonly ExamCase[] = Object.entries(comers).map(([kind, comeAndGo]) => ({
  name: `stop: a ${kind} that has ended is let go with all that it held, though the transport lives on`,
  async run(room) {
    const transport = await room.open()
    const name = room.name()
    const weights: WeakRef<object>[] = []
    for (let n = 0; n < times; n++) {
      const weight = { kilograms: n }
      weights.push(new WeakRef(weight))
      await comeAndGo(transport, name, room, weight)
    }
    const collect = collector()
    // The last one may still hang on a frame of the stack, a timer or a buffer.
    await room.until('all but the last are gone', () => {
      collect()
      return weights.filter((weight) => weight.deref() !== undefined).length <= 1
    })
  },
}))
