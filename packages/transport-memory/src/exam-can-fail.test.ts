import { type Transport, TransportError, type Verdict } from '@recordcast/transport'
import { sitExam } from '@recordcast/transport-testkit'
import { expect, test } from 'vitest'
import { createMemoryBus, createMemoryTransport } from './index.js'

type Defect = { readonly [K in keyof Transport]?: (real: Transport) => Transport[K] }

// A driver with one defect each, and the case that must find it.
const defects: Record<string, readonly [caseName: string, defect: Defect]> = {
  'hides queues that are gone': [
    'publish: a queue that does not exist is named as gone, and the others have the message',
    { publish: (real) => async (queues, message) => ({ ...(await real.publish(queues, message)), gone: [] }) },
  ],
  'keeps the body by reference': [
    'publish: bytes are copied on the way in and on the way out',
    { publish: (real) => async (queues, message) => Promise.resolve().then(() => real.publish(queues, message)) },
  ],
  'drops a header': [
    'publish: headers arrive as they were given',
    { publish: (real) => (queues, message) => real.publish(queues, { ...message, headers: {} }) },
  ],
  'ignores concurrency': [
    'consume: concurrency is reached and never exceeded',
    { consume: (real) => (queue, options, handle) => real.consume(queue, { ...options, concurrency: 100 }, handle) },
  ],
  'takes more than it may': [
    'consume: a consumer that is busy keeps no message from one that is free',
    { consume: (real) => (queue, options, handle) => real.consume(queue, { ...options, concurrency: 100 }, handle) },
  ],
  'stops without waiting': [
    'stop: takes nothing new and waits for the verdict that runs',
    {
      consume: (real) => async (queue, options, handle) => {
        const running = await real.consume(queue, options, handle)
        return { stop: async () => void running.stop() }
      },
    },
  ],
  'retries too early': [
    'retry: comes back not before its time, attempt one higher, redelivered, otherwise as published',
    says((verdict) => (verdict.do === 'retry' ? { ...verdict, afterMs: verdict.afterMs / 2 } : verdict)),
  ],
  'returns as a retry': [
    'return: puts back uncounted, for whoever consumes then',
    says((verdict) => (verdict.do === 'return' ? { ...verdict, do: 'retry' } : verdict)),
  ],
  'loses what is parked': [
    'park: the message leaves its queue and stands on the shelf with why, headers, attempt and time',
    says((verdict) => (verdict.do === 'park' ? { do: 'ack' } : verdict)),
  ],
  'does not carry retry headers though it says so': [
    'retry: headers are laid over the message where the driver carries them, and lost where it says so',
    says((verdict) => (verdict.do === 'retry' ? { ...verdict, headers: {} } : verdict)),
  ],
  'counts no attempts': [
    'retry: attempt counts the retries of each message by itself',
    {
      consume: (real) => (queue, options, handle) =>
        real.consume(queue, options, ({ message, redelivered, signal, attempt }) =>
          attempt > 5 ? Promise.resolve({ do: 'ack' }) : handle({ message, redelivered, signal, attempt: 1 }),
        ),
    },
  ],
  'acks what threw': [
    'throw: the message is delivered again, counted, and reported',
    {
      consume: (real) => (queue, options, handle) =>
        real.consume(queue, options, async (delivery) => {
          try {
            return await handle(delivery)
          } catch {
            return { do: 'ack' }
          }
        }),
    },
  ],
  'syncs before it has replayed': [
    'announce: what stands is replayed to a late watcher, the last fact of a key, then synced',
    {
      watch: (real) => (board, see, options) => {
        see({ type: 'synced' })
        return real.watch(board, (change) => change.type === 'synced' || see(change), options)
      },
    },
  ],
  'syncs twice': [
    'watch: an empty board syncs, exactly once',
    {
      watch: (real) => (board, see, options) =>
        real.watch(
          board,
          (change) => {
            if (change.type === 'synced') see(change)
            see(change)
          },
          options,
        ),
    },
  ],
  'forgets removals': [
    'watch: sees the removal of a key, and the key when it comes again',
    { announce: (real) => async (board, key, fact) => (fact ? real.announce(board, key, fact) : undefined) },
  ],
  'takes silence for nobody': [
    'request: a responder that says nothing is a time-out, not nobody',
    {
      request:
        (real) =>
        (...args) =>
          real.request(...args).catch(() => Promise.reject(nobody())),
    },
  ],
  'takes nobody for silence': [
    'request: nobody there is told at once, not after the time-out',
    {
      request:
        (real) =>
        (...args) =>
          real.request(...args).catch(() => Promise.reject(new TransportError('request-timeout', 'too late'))),
    },
  ],
  'counts no parked messages': [
    'inspect: counts what is ready, unsettled and parked, and whether anybody consumes',
    { inspect: (real) => async (queue) => ({ ...(await real.inspect(queue))!, parked: 0 }) },
  ],
  'goes on after close': [
    'close: every other verb then rejects with transport-closed',
    { listQueues: () => async () => [] },
  ],
}

for (const [name, [caseName, defect]] of Object.entries(defects))
  test(`the exam finds a driver that ${name}`, async () => {
    const bus = createMemoryBus()
    const cases = new Map<string, () => Promise<void>>()
    sitExam((title, run) => run && cases.set(title, run), {
      patienceMs: 400,
      open: async () => withDefect(createMemoryTransport({ bus }), defect),
    })
    const run = cases.get(caseName)
    expect(run, 'a case of that name').toBeDefined()
    await expect(run?.()).rejects.toThrow(/^(?!Closing up)/)
  })

function withDefect(real: Transport, defect: Defect): Transport {
  return new Proxy(real, {
    get(target, name: keyof Transport) {
      const broken = defect[name]
      if (broken !== undefined) return broken(target)
      const value: unknown = target[name]
      return typeof value === 'function' ? value.bind(target) : value
    },
  })
}

function says(change: (verdict: Verdict) => Verdict): Defect {
  return {
    consume: (real) => (queue, options, handle) =>
      real.consume(queue, options, async (delivery) => change(await handle(delivery))),
  }
}

function nobody(): TransportError {
  return new TransportError('nobody-there', 'nobody')
}
