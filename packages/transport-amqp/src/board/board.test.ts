import { type Change, type Message, shelfOf } from '@recordcast/transport'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { namesOf } from '../names.js'
import { leftOut } from '../testdata/broker.js'
import { beginTrial, message, type Trial } from '../testdata/trial.js'

describe.skipIf(leftOut)('a board', () => {
  let trial: Trial
  beforeEach(() => {
    trial = beginTrial()
  })
  afterEach(() => trial.end({ boards: ['board'] }), 30_000)

  async function watched(options: Parameters<Trial['open']>[0] = {}) {
    const { transport, proxy } = await trial.open(options)
    const state = new Map<string, string>()
    const types: Change['type'][] = []
    const errors: Error[] = []
    await transport.watch(
      'board',
      (change) => {
        types.push(change.type)
        if (change.type === 'fact') state.set(change.key, change.fact.id)
        if (change.type === 'gone') state.delete(change.key)
      },
      { onError: (error) => void errors.push(error) },
    )
    await trial.until('it has synced', () => types.includes('synced'))
    return { transport, proxy, state, types, errors }
  }

  const stream = (generation: number): string => namesOf(trial.namespace).board('board', generation)
  const exists = (queue: string): Promise<boolean> =>
    trial.raw((channel) =>
      channel.checkQueue(queue).then(
        () => true,
        () => false,
      ),
    )

  test('of many more entries than facts moves to a new stream, under fire, and loses and invents nothing', async () => {
    const options = { compactBoardsAfter: 40 }
    const writers = [await watched(options), await watched(options), await watched(options)]
    const expected = new Map<string, string>()
    const keep = message('kept')
    await writers[0]!.transport.announce('board', 'kept', keep)
    await writers[0]!.transport.announce('board', 'removed', message('removed'))
    await writers[0]!.transport.announce('board', 'removed', null)
    expected.set('kept', 'kept')
    let stop = false
    const writing = writers.map(async ({ transport }, n) => {
      for (let round = 0; !stop; round++) {
        const key = `${n}-${round % 3}`
        const fact = round % 4 === 3 ? null : message(`${n}-${round}`)
        await transport.announce('board', key, fact)
        if (fact === null) expected.delete(key)
        else expected.set(key, fact.id)
      }
    })
    await trial.until('it has moved twice', () => exists(stream(2)))
    await trial.until('the first stream is deleted', async () => !(await exists(stream(0))))
    stop = true
    await Promise.all(writing)
    const late = await watched()
    const want = JSON.stringify([...expected].sort())
    for (const { state } of [...writers, late])
      await trial.until('all agree', () => JSON.stringify([...state].sort()) === want)
    for (const { types } of [...writers, late]) expect(types.filter((type) => type === 'synced')).toHaveLength(1)
  }, 60_000)

  test('that is watched already shows a second watcher what stood when it came, and not what was last heard', async () => {
    const { transport, proxy } = await watched()
    const other = await watched()
    proxy.delayMs = 150
    await other.transport.announce('board', 'new', message('new'))
    const seen: string[] = []
    await transport.watch('board', (change) => void seen.push(change.type === 'fact' ? change.key : change.type))
    await trial.until('it has synced', () => seen.includes('synced'))
    expect(seen).toEqual(['new', 'synced'])
  })

  test('whose writer died after the seal is read through the seal by those who come then', async () => {
    const one = await watched()
    await one.transport.announce('board', 'a', message('a'))
    await trial.raw(async (channel) => {
      await channel.assertQueue(stream(1), { durable: true, arguments: { 'x-queue-type': 'stream' } })
      channel.publish('', stream(0), Buffer.alloc(0), { headers: { 'rc-entry': 'seal', 'rc-token': 'somebody’s' } })
    })
    await one.transport.announce('board', 'b', message('b'))
    await one.transport.announce('board', 'a', null)
    const late = await watched()
    expect([...late.state]).toEqual([['b', 'b']])
    expect([...one.state]).toEqual([['b', 'b']])
  })

  test('whose seal leads to a stream that is lost goes on in one made again', async () => {
    const one = await watched()
    await one.transport.announce('board', 'a', message('a'))
    await trial.raw(async (channel) => {
      channel.publish('', stream(0), Buffer.alloc(0), { headers: { 'rc-entry': 'seal', 'rc-token': 'somebody’s' } })
      await channel.checkQueue(stream(0))
    })
    await one.transport.announce('board', 'b', message('b'))
    const late = await watched()
    expect([...late.state].sort()).toEqual([
      ['a', 'a'],
      ['b', 'b'],
    ])
    expect([...one.state].sort()).toEqual([...late.state].sort())
  })

  test('what is written behind a seal was never announced', async () => {
    const one = await watched()
    await trial.raw(async (channel) => {
      await channel.assertQueue(stream(1), { durable: true, arguments: { 'x-queue-type': 'stream' } })
      const behind = { 'rc-entry': 'fact', 'rc-token': 'x', 'rc-key': 'behind' }
      channel.publish('', stream(0), Buffer.alloc(0), { headers: { 'rc-entry': 'seal', 'rc-token': 's' } })
      channel.publish('', stream(0), Buffer.alloc(0), { messageId: 'behind', headers: behind })
    })
    await one.transport.announce('board', 'after', message('after'))
    const late = await watched()
    expect([...late.state.keys()]).toEqual(['after'])
  })

  test('that is deleted underneath is made again and filled by whoever knew it, which is told', async () => {
    const [one, other] = [await watched(), await watched()]
    await one.transport.announce('board', 'a', message('a'))
    await other.transport.announce('board', 'b', message('b'))
    await trial.until('both have both', () => one.state.size === 2 && other.state.size === 2)
    await trial.raw((channel) => channel.deleteQueue(stream(0)))
    await trial.until('somebody is told', () => one.errors.length + other.errors.length > 0)
    await one.transport.announce('board', 'c', message('c'))
    await trial.until('the other has it', () => other.state.has('c'))
    const late = await watched()
    for (const { state } of [one, other, late]) expect([...state.keys()].sort()).toEqual(['a', 'b', 'c'])
    expect(one.types).not.toContain('gone')
  })

  test('what stands already is not written again', async () => {
    const { transport } = await watched()
    const fact: Message = { ...message('same', 'x'.repeat(1000)), headers: { h: 'v' } }
    await transport.announce('board', 'key', fact)
    for (let n = 0; n < 20; n++) await transport.announce('board', 'key', { ...fact, body: new Uint8Array(fact.body) })
    await transport.announce('board', 'key', { ...fact, headers: { h: 'w' } })
    const written = await trial.raw(async (channel) => {
      const entries: string[] = []
      await channel.prefetch(1000)
      const take = (received: { properties: { headers?: Record<string, unknown> } } | null): void =>
        void entries.push(String(received?.properties.headers?.['rc-entry']))
      await channel.consume(stream(0), take, { arguments: { 'x-stream-offset': 'first' } })
      await trial.until('all came', () => entries.filter((entry) => entry === 'fact').length >= 2)
      return entries
    })
    expect(written.filter((entry) => entry === 'fact')).toHaveLength(2)
  })

  test('of two calls for a key at once the later one stands, also when the first changes nothing', async () => {
    const { transport, state } = await watched()
    for (let round = 0; round < 20; round++) {
      await transport.announce('board', 'key', message('a'))
      await Promise.all([
        transport.announce('board', 'key', message('a')),
        transport.announce('board', 'key', message('b')),
      ])
      await transport.announce('board', 'last', message(`${round}`))
      await trial.until('all is seen', () => state.get('last') === `${round}`)
      expect(state.get('key')).toBe('b')
    }
  })

  test('a stranger’s entries on it are passed over', async () => {
    const one = await watched()
    await trial.raw(async (channel) => {
      const odd: object[] = [
        {},
        { 'rc-entry': 'fact' },
        { 'rc-entry': 'fact', 'rc-token': 7, 'rc-key': 'k' },
        { 'rc-entry': 'x', 'rc-token': 't' },
      ]
      for (const headers of odd) channel.publish('', stream(0), Buffer.from(shelfOf('x')), { headers })
      await channel.checkQueue(stream(0))
    })
    await one.transport.announce('board', 'key', message('fine'))
    await trial.until('the fact came', () => one.state.get('key') === 'fine')
    expect([one.state.size, one.errors]).toEqual([1, []])
  })
})
