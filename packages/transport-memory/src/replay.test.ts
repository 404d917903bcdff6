import type { ParkedMessage, Transport } from '@recordcast/transport'
import { type ReplayOptions, replayParked } from '@recordcast/transport/replay'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createMemoryBus, createMemoryTransport, type MemoryBus } from './index.js'

const message = (id: string, body = id) => ({ id, body: new TextEncoder().encode(body), headers: { kept: 'yes' } })
const textOf = ({ body }: { body: Uint8Array }): string => new TextDecoder().decode(body)
const bodyOf = (parked: ParkedMessage): string => textOf(parked.message)

let bus: MemoryBus
let transport: Transport
beforeEach(() => {
  bus = createMemoryBus()
  transport = createMemoryTransport({ bus })
})
afterEach(() => transport.close())

/** Parks messages whose bodies are these; ids too, unless one is given for all. */
async function park(bodies: readonly string[], id?: string): Promise<void> {
  const before = (await transport.inspect('queue'))?.parked ?? 0
  const running = await transport.consume('queue', { concurrency: 1 }, async () => ({ do: 'park', why: 'test' }))
  for (const body of bodies) await transport.publish(['queue'], message(id ?? body, body))
  await expect.poll(async () => (await transport.inspect('queue'))?.parked).toBe(before + bodies.length)
  await running.stop()
}
async function onShelf(): Promise<string[]> {
  return ((await transport.inspect('queue', { peekParked: 1000 }))?.peeked ?? []).map(bodyOf)
}
async function inQueue(count: number): Promise<{ id: string; body: string; attempt: number; headers: object }[]> {
  const came: { id: string; body: string; attempt: number; headers: object }[] = []
  const running = await transport.consume('queue', { concurrency: 1 }, async ({ message: each, attempt }) => {
    came.push({ id: each.id, body: textOf(each), attempt, headers: each.headers })
    return { do: 'ack' }
  })
  await expect.poll(() => came.length).toBe(count)
  await running.stop()
  return came
}
const names = (count: number): string[] => Array.from({ length: count }, (_, n) => `m${n}`)

test('nothing parked, or no such queue, is nothing to do', async () => {
  const nothing = { replayed: 0, dropped: 0, kept: 0, failed: [] }
  expect(await replayParked(transport, 'queue')).toEqual(nothing)
  await transport.declare('queue')
  expect(await replayParked(transport, 'queue')).toEqual(nothing)
})

test('messages with equal ids are replayed each under an id of its own, all naming the first', async () => {
  await park(['a', 'b', 'c'], 'same')
  expect(await replayParked(transport, 'queue')).toEqual({ replayed: 3, dropped: 0, kept: 0, failed: [] })
  const came = await inQueue(3)
  expect(came.map(({ body, attempt }) => [body, attempt])).toEqual([
    ['a', 1],
    ['b', 1],
    ['c', 1],
  ])
  expect(new Set(came.map(({ id }) => id)).size).toBe(3)
  for (const { id, headers } of came) {
    expect(id).toMatch(/^same#r\d+$/)
    expect(headers).toEqual({ kept: 'yes', 'redrive-of': 'same' })
  }
})

test('messages with equal ids are selected each by itself', async () => {
  await park(['a', 'b', 'c'], 'same')
  const report = await replayParked(transport, 'queue', { select: (parked) => bodyOf(parked) === 'b' })
  expect(report).toEqual({ replayed: 1, dropped: 0, kept: 2, failed: [] })
  expect(await onShelf()).toEqual(['a', 'c'])
})

test('a message that is parked and replayed again still names its first id, and its id does not grow', async () => {
  await park(['m'])
  await replayParked(transport, 'queue')
  const running = await transport.consume('queue', { concurrency: 1 }, async () => ({ do: 'park', why: 'again' }))
  await expect.poll(async () => (await transport.inspect('queue'))?.parked).toBe(1)
  await running.stop()
  await replayParked(transport, 'queue')
  const [came] = await inQueue(1)
  expect(came?.id).toMatch(/^m#r\d+$/)
  expect(came?.headers).toEqual({ kept: 'yes', 'redrive-of': 'm' })
})

test('an id of 255 bytes is shortened, so that the new one can be carried', async () => {
  const id = 'ключ'.repeat(31)
  await park(['m'], id)
  expect((await replayParked(transport, 'queue')).replayed).toBe(1)
  const [came] = await inQueue(1)
  expect(Buffer.byteLength(came?.id ?? '')).toBeLessThanOrEqual(255)
  expect(came?.headers).toMatchObject({ 'redrive-of': id })
})

test('each parked message is looked at once, though the unselected ones go back', async () => {
  const bodies = names(500)
  await park(bodies)
  const looked: string[] = []
  const select = async (parked: ParkedMessage): Promise<boolean> => {
    looked.push(bodyOf(parked))
    return looked.length % 3 === 0
  }
  expect(await replayParked(transport, 'queue', { select })).toMatchObject({ replayed: 166, kept: 334, failed: [] })
  expect(looked).toEqual(bodies)
  expect(await onShelf()).toEqual(bodies.filter((_, n) => n % 3 !== 2))
  expect((await inQueue(166)).map(({ body }) => body)).toEqual(bodies.filter((_, n) => n % 3 === 2))
})

test('a limit takes the oldest, and the rest stays in order', async () => {
  await park(names(10))
  expect(await replayParked(transport, 'queue', { limit: 3 })).toMatchObject({ replayed: 3 })
  expect(await onShelf()).toEqual(names(10).slice(3))
  expect(await replayParked(transport, 'queue', { limit: 2, action: 'drop' })).toMatchObject({
    dropped: 2,
    replayed: 0,
  })
  expect(await onShelf()).toEqual(names(10).slice(5))
  expect(await replayParked(transport, 'queue', { limit: 0 })).toMatchObject({ replayed: 0, kept: 0 })
})

test('a message that fails again during the pass is parked again and not replayed in the same pass', async () => {
  await park(names(20))
  const running = await transport.consume('queue', { concurrency: 5 }, async () => ({ do: 'park', why: 'again' }))
  expect(await replayParked(transport, 'queue')).toEqual({ replayed: 20, dropped: 0, kept: 0, failed: [] })
  await expect.poll(async () => (await transport.inspect('queue'))?.parked).toBe(20)
  await running.stop()
})

test('what cannot be published stays parked and is reported', async () => {
  await park(names(4))
  bus.faults.publish = (_queue, { headers }) => (headers['redrive-of'] === 'm1' ? 'refuse' : undefined)
  const report = await replayParked(transport, 'queue')
  expect(report).toMatchObject({ replayed: 3, kept: 1, failed: [{ id: 'm1', error: { code: 'not-confirmed' } }] })
  expect(await onShelf()).toEqual(['m1'])
})

test('a select that throws keeps the message parked and is reported', async () => {
  await park(names(2))
  const select = (parked: ParkedMessage): boolean => {
    if (bodyOf(parked) === 'm0') throw new Error('bad select')
    return true
  }
  const report = await replayParked(transport, 'queue', { select })
  expect(report).toMatchObject({ replayed: 1, kept: 1, failed: [{ id: 'm0', error: { message: 'bad select' } }] })
})

test('two passes at once share the shelf and replay each message once', async () => {
  await park(names(40))
  const other = createMemoryTransport({ bus })
  const reports = await Promise.all([transport, other].map((each) => replayParked(each, 'queue', { timeoutMs: 200 })))
  expect(reports.map(({ replayed }) => replayed).reduce((sum, n) => sum + n)).toBe(40)
  expect((await inQueue(40)).map(({ headers }) => (headers as Record<string, string>)['redrive-of']).sort()).toEqual(
    names(40).sort(),
  )
  await other.close()
})

test('options that make no sense are refused', async () => {
  const bad: unknown[] = [{ limit: -1 }, { limit: Number.NaN }, { timeoutMs: 0 }, { action: 'delete' }]
  for (const options of bad)
    await expect(replayParked(transport, 'queue', options as ReplayOptions)).rejects.toMatchObject({
      code: 'invalid-argument',
    })
  await expect(replayParked(transport, 'a!b')).rejects.toMatchObject({ code: 'invalid-argument' })
})
