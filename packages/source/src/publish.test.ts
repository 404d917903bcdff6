import { RecordcastError } from '@recordcast/protocol'
import { type Broker, silentLogger } from '@recordcast/registry'
import { systemClock, type Transport, TransportError } from '@recordcast/transport'
import { expect, test } from 'vitest'
import type { Projection } from './project.js'
import { publish } from './publish.js'
import { createTurns } from './turns.js'

const projection = (queues: string[], bytes = 3): Projection => ({
  queues,
  message: { id: 'e1', body: new Uint8Array(bytes), headers: {} },
})

/** Only `publish` is asked of the transport here; what it answers is the case. */
function brokerThat(answer: Transport['publish'], maxBodyBytes = 1000): Broker {
  const transport = { publish: answer, traits: { maxBodyBytes } } as unknown as Transport
  const clock = { ...systemClock, after: (_ms: number, run: () => void) => systemClock.after(0, run) }
  return { transport, namespace: 'n', logger: silentLogger, clock, random: () => 0.5, close: async () => undefined }
}

const policy = () => ({ timeoutMs: 30_000, onRetry: () => undefined, signal: new AbortController().signal })

const turn = () => createTurns().take('record')

test('only the queues that failed are published to again, under the same id', async () => {
  const tries: [readonly string[], string][] = []
  const broker = brokerThat(async (queues, message) => {
    tries.push([queues, message.id])
    const failed = tries.length === 1 ? [{ queue: 'b', error: new TransportError('not-confirmed', 'lost') }] : []
    return { gone: [], failed }
  })
  expect(await publish([projection(['a', 'b', 'c'])], broker, policy(), turn())).toEqual([])
  expect(tries).toEqual([
    [['a', 'b', 'c'], 'e1'],
    [['b'], 'e1'],
  ])
})

test('of several bodies one is tried again while the confirm of another is still awaited, and none is sent twice', async () => {
  const tries: string[] = []
  let confirm = (_: Awaited<ReturnType<Transport['publish']>>): void => undefined
  const slow = new Promise<Awaited<ReturnType<Transport['publish']>>>((resolve) => {
    confirm = resolve
  })
  const broker = brokerThat(async ([queue]) => {
    tries.push(queue!)
    if (queue === 'slow') return slow
    const isFirst = tries.filter((each) => each === queue).length === 1
    if (queue === 'refusing' && isFirst) throw new TransportError('connection-lost', 'the link broke')
    const failed = queue === 'late' && isFirst ? [{ queue, error: new TransportError('not-confirmed', 'lost') }] : []
    return { gone: [], failed }
  })
  const bodies = [
    projection(['slow'], 1),
    projection(['late'], 2),
    projection(['refusing'], 3),
    projection(['well'], 4),
  ]
  const published = publish(bodies, broker, policy(), turn())
  await expect.poll(() => tries.length).toBe(6)
  confirm({ gone: [], failed: [] })
  expect(await published).toEqual([])
  expect(tries.toSorted()).toEqual(['late', 'late', 'refusing', 'refusing', 'slow', 'well'])
})

test('a lost link is waited out', async () => {
  let tries = 0
  const broker = brokerThat(async () => {
    tries++
    if (tries < 4) throw new TransportError('connection-lost', 'away')
    return { gone: [], failed: [] }
  })
  expect(await publish([projection(['a'])], broker, policy(), turn())).toEqual([])
  expect(tries).toBe(4)
})

test('when the time is up the error names every queue that does not have the event, and only those', async () => {
  const broker = brokerThat(async (queues) => ({
    gone: [],
    failed: queues
      .filter((queue) => queue !== 'a')
      .map((queue) => ({ queue, error: new TransportError('queue-full', 'full') })),
  }))
  const error = await publish([projection(['a', 'b', 'c'])], broker, { ...policy(), timeoutMs: 0 }, turn()).catch(
    (thrown) => thrown,
  )
  expect(error).toBeInstanceOf(AggregateError)
  expect(error).toBeInstanceOf(RecordcastError)
  expect(error.code).toBe('publish-failed')
  expect(error.errors.map((each: RecordcastError) => each.path)).toEqual(['b', 'c'])
  expect(error.errors[0].cause.code).toBe('queue-full')
})

test('what cannot pass is not tried again', async () => {
  let tries = 0
  const broker = brokerThat(async () => {
    tries++
    throw new TransportError('transport-closed', 'closed')
  })
  await expect(publish([projection(['a'])], broker, policy(), turn())).rejects.toMatchObject({ code: 'publish-failed' })
  expect(tries).toBe(1)
})

test('a body that is too large is not sent, and its largest attributes are named; other projections go out', async () => {
  const sent: string[] = []
  const broker = brokerThat(async (queues) => {
    sent.push(...queues)
    return { gone: [], failed: [] }
  }, 100)
  const body = new TextEncoder().encode(JSON.stringify({ data: { title: 'x', body: 'b'.repeat(98) } }))
  const big = { queues: ['big'], message: { id: 'e1', body, headers: {} } }
  const error = await publish([big, projection(['small'], 5)], broker, policy(), turn()).catch((thrown) => thrown)
  expect(sent).toEqual(['small'])
  expect(error.code).toBe('payload-too-large')
  expect(error.message).toContain('body 100, title 3')
})

test('small bodies are on their way before huge ones are even written', async () => {
  const sent: string[] = []
  const broker = brokerThat(async (queues) => {
    sent.push(...queues)
    return { gone: [], failed: [] }
  }, 1_000_000)
  const sizes = [90_000, 5, 500, 5]
  const published = publish(
    sizes.map((bytes, index) => projection([`${bytes}-${index}`], bytes)),
    broker,
    policy(),
    turn(),
  )
  expect(sent).toEqual(['5-1', '5-3', '500-2'])
  await published
  expect(sent).toEqual(['5-1', '5-3', '500-2', '90000-0'])
})

test('a gone queue is reported, not retried', async () => {
  const broker = brokerThat(async () => ({ gone: ['b'], failed: [] }))
  expect(await publish([projection(['a', 'b'])], broker, policy(), turn())).toEqual(['b'])
})

test('a source that must end at once gives up between two tries', async () => {
  const ending = new AbortController()
  const broker = brokerThat(async (queues) => {
    ending.abort()
    return { gone: [], failed: queues.map((queue) => ({ queue, error: new TransportError('not-confirmed', 'lost') })) }
  })
  await expect(
    publish([projection(['a'])], broker, { ...policy(), signal: ending.signal }, turn()),
  ).rejects.toMatchObject({
    code: 'publish-failed',
  })
})

test('a queue that does not take an event holds up the next of the record on that queue alone, and keeps their order', async () => {
  const full = new Set(['slow'])
  const stored: string[] = []
  let room = (): void => undefined
  const tried = new Promise<void>((resolve) => {
    room = resolve
  })
  const broker = brokerThat(async (queues, { id }) => {
    for (const queue of queues) if (!full.has(queue)) stored.push(`${queue} ${id}`)
    if (stored.includes('quick third')) room()
    const failed = queues.filter((queue) => full.has(queue))
    return { gone: [], failed: failed.map((queue) => ({ queue, error: new TransportError('queue-full', 'full') })) }
  })
  const turns = createTurns()
  const emit = async (id: string): Promise<unknown> => {
    const own = turns.take('record')
    await own.before
    const { message, ...rest } = projection(['quick', 'slow'])
    return publish([{ ...rest, message: { ...message, id } }], broker, policy(), own).finally(() => own.done())
  }
  const all = Promise.all(['first', 'second', 'third'].map(emit))
  await tried
  expect(stored).toEqual(['quick first', 'quick second', 'quick third'])
  full.clear()
  await all
  expect(stored.slice(3)).toEqual(['slow first', 'slow second', 'slow third'])
  await new Promise((resolve) => setImmediate(resolve))
  expect(turns.size).toBe(0)
})

test('the next event of a record waits until it is known whether a queue that is gone comes back', async () => {
  const broker = brokerThat(async () => ({ gone: ['a'], failed: [] }))
  const turns = createTurns()
  const own = turns.take('record')
  const next = turns.take('record')
  let went = false
  void next.before?.then(() => {
    went = true
  })
  await publish([projection(['a', 'b'])], broker, policy(), own)
  await new Promise((resolve) => setImmediate(resolve))
  expect(went).toBe(false)
  own.done()
  await next.before
  next.done()
  expect(turns.size).toBe(0)
})
