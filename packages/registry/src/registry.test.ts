import { boards, encodeControl } from '@recordcast/protocol/control'
import type { Message } from '@recordcast/transport'
import { expect, test, vi } from 'vitest'
import {
  announceListener,
  announceSource,
  listenerKey,
  openRegistry,
  withdrawListener,
  withdrawSource,
} from './index.js'
import type { Difference } from './snapshot.js'
import { countingClock, forge, handPlayed, listenerFact, soon, sourceFact, stage } from './testdata/stage.js'

const minute = 60_000

test('what stood on the boards is there at once, and what comes later follows', async () => {
  const { transport, join } = stage()
  await announceListener(transport, listenerFact('early'))
  await announceSource(transport, sourceFact('forge'))
  const registry = await openRegistry({ transport: join() })
  expect([...registry.snapshot().listeners]).toEqual([['early/set1', listenerFact('early')]])
  expect([...registry.snapshot().sources]).toEqual([['forge/one', sourceFact('forge')]])

  await announceListener(transport, listenerFact('late'))
  expect(await registry.until(({ listeners }) => listeners.has('late/set1'), minute)).toBe(true)
  await withdrawListener(transport, listenerFact('early'))
  await withdrawSource(transport, sourceFact('forge'))
  expect(await registry.until(({ listeners, sources }) => listeners.size === 1 && sources.size === 0, minute)).toBe(
    true,
  )
  await registry.stop()
})

test('empty boards open as well', async () => {
  const registry = await openRegistry({ transport: stage().transport })
  expect(registry.snapshot()).toMatchObject({ listeners: new Map(), sources: new Map(), setAside: new Map() })
  await registry.stop()
})

test('10,000 facts make one snapshot when they stood, few when they come, and are read in slices', async () => {
  const { transport, join } = stage()
  const names = Array.from({ length: 10_000 }, (_, index) => `listener-${index}`)
  await Promise.all(names.map((name) => announceListener(transport, listenerFact(name))))
  const clock = countingClock()
  const registry = await openRegistry({ transport: join(), clock })
  // Read in slices: none of them is long enough to hold up anything else.
  expect(clock.deferred).toBeGreaterThanOrEqual(100)
  expect(registry.snapshot().listeners.size).toBe(10_000)
  expect(registry.snapshot().revision).toBe(1)

  let snapshots = 0
  registry.onChange(() => snapshots++)
  const bodies = names.map((name) => encodeControl(listenerFact(name, { generation: 2 })))
  await Promise.all(names.map((name, index) => forge(transport, boards.listeners, `${name}/set1`, bodies[index])))
  const isLast = ({ generation }: { generation: number }): boolean => generation === 2
  expect(await registry.until(({ listeners }) => [...listeners.values()].every(isLast), minute)).toBe(true)
  expect(snapshots).toBeLessThan(50)
  await registry.stop()
})

test('a storm of rewrites of one key is read once', async () => {
  const transport = handPlayed()
  const registry = opened(transport)
  const see = transport.sees.get(boards.listeners)
  const fact = (generation: number): Message => messageOf(listenerFact('a', { generation }))
  for (let generation = 1; generation <= 500; generation++)
    see?.({ type: 'fact', key: 'a/set1', fact: fact(generation) })
  for (const board of Object.values(boards)) transport.sees.get(board)?.({ type: 'synced' })
  const { snapshot, stop } = await registry
  expect(snapshot().listeners.get('a/set1')?.generation).toBe(500)
  expect(snapshot().revision).toBe(1)
  for (let generation = 1; generation <= 500; generation++)
    see?.({ type: 'fact', key: 'a/set1', fact: fact(generation) })
  see?.({ type: 'fact', key: 'a/set1', fact: fact(7) })
  await soon(() => expect(snapshot().listeners.get('a/set1')?.generation).toBe(7))
  expect(snapshot().revision).toBe(2)
  await stop()
})

const opened = (transport: ReturnType<typeof handPlayed>) => openRegistry({ transport })
const messageOf = (fact: object): Message => ({ id: 'x', body: encodeControl(fact), headers: {} })

test('a snapshot that is held does not change', async () => {
  const { transport, join } = stage()
  await announceListener(transport, listenerFact('a'))
  const registry = await openRegistry({ transport: join() })
  const held = registry.snapshot()
  const [listeners, sources, fact] = [[...held.listeners], [...held.sources], held.listeners.get('a/set1')]
  await forge(transport, boards.listeners, 'bad', 'bad')
  await announceListener(transport, listenerFact('a', { generation: 2 }))
  await announceListener(transport, listenerFact('b'))
  await announceSource(transport, sourceFact('forge'))
  await registry.until((now) => now.listeners.size === 2 && now.sources.size === 1 && now.setAside.size === 1, minute)
  expect([...held.listeners]).toEqual(listeners)
  expect([...held.sources]).toEqual(sources)
  expect(held.setAside.size).toBe(0)
  expect(held.listeners.get('a/set1')).toBe(fact)
  expect(fact?.generation).toBe(1)
  expect(Object.isFrozen(held)).toBe(true)
  expect(registry.snapshot().revision).toBeGreaterThan(held.revision)
  await registry.stop()
})

test('a poisoned fact is set aside with its code, the last good one stays, and a mended one leaves', async () => {
  const { transport, join } = stage()
  const told: Error[] = []
  await announceListener(transport, listenerFact('a'))
  await forge(transport, boards.listeners, 'never-good', new Uint8Array([0xff]))
  const registry = await openRegistry({ transport: join(), onSetAside: (error) => told.push(error) })
  const aside = () => [...registry.snapshot().setAside].map(([key, { code }]) => [key, code])
  expect(aside()).toEqual([['listeners:never-good', 'announcement-invalid']])
  const good = registry.snapshot().listeners.get('a/set1')
  expect(good).toBeDefined()

  await forge(transport, boards.listeners, 'a/set1', { ...listenerFact('a'), v: 2 })
  await soon(() => expect(aside()).toContainEqual(['listeners:a/set1', 'announcement-unsupported-version']))
  expect(registry.snapshot().listeners.get('a/set1')).toBe(good)
  await forge(transport, boards.listeners, 'a/set1', new Uint8Array(65_537))
  await soon(() => expect(aside()).toContainEqual(['listeners:a/set1', 'announcement-too-large']))
  expect(registry.snapshot().setAside.get('listeners:a/set1')?.message).toContain('65537')

  await announceListener(transport, listenerFact('a', { generation: 9 }))
  await soon(() => expect(registry.snapshot().listeners.get('a/set1')?.generation).toBe(9))
  expect(aside()).toEqual([['listeners:never-good', 'announcement-invalid']])
  await transport.announce(boards.listeners, 'never-good', null)
  await soon(() => expect(aside()).toEqual([]))
  expect(told.map((error) => (error as Error & { code: string }).code)).toEqual([
    ...['announcement-invalid', 'announcement-unsupported-version', 'announcement-too-large'],
  ])
  await registry.stop()
})

test('a good fact that was poisoned and then taken away is gone altogether', async () => {
  const { transport, join } = stage()
  await announceListener(transport, listenerFact('a'))
  const registry = await openRegistry({ transport: join() })
  await forge(transport, boards.listeners, 'a/set1', 'bad')
  await soon(() => expect(registry.snapshot().setAside.size).toBe(1))
  await withdrawListener(transport, listenerFact('a'))
  await soon(() => expect(registry.snapshot()).toMatchObject({ listeners: { size: 0 }, setAside: new Map() }))
  await registry.stop()
})

test('a fact under a key that is not its own is refused', async () => {
  const { transport, join } = stage()
  await forge(transport, boards.listeners, 'victim/set1', listenerFact('thief'))
  await forge(transport, boards.listeners, '__proto__', listenerFact('thief'))
  await forge(transport, boards.sources, 'forge/two', sourceFact('forge'))
  await forge(transport, boards.sources, 'forge/one', listenerFact('forge'))
  const registry = await openRegistry({ transport: join() })
  expect(registry.snapshot()).toMatchObject({ listeners: { size: 0 }, sources: { size: 0 } })
  expect([...registry.snapshot().setAside.keys()].sort()).toEqual([
    ...['listeners:__proto__', 'listeners:victim/set1', 'sources:forge/one', 'sources:forge/two'],
  ])
  await registry.stop()
})

test('keys that do not matter are passed over, bad ones included', async () => {
  const { transport, join } = stage()
  await announceListener(transport, listenerFact('mine'))
  await announceListener(transport, listenerFact('other'))
  await forge(transport, boards.listeners, 'bad', 'bad')
  const keepListener = (key: string): boolean => key.startsWith('mine/')
  const registry = await openRegistry({ transport: join(), keepListener })
  expect([...registry.snapshot().listeners.keys()]).toEqual(['mine/set1'])
  expect(registry.snapshot().setAside.size).toBe(0)
  await registry.stop()
})

test('of a fact only what is wanted is kept', async () => {
  const { transport, join } = stage()
  await announceListener(transport, listenerFact('a'))
  const shortenListener = ({ queue }: { queue: string }) => ({ queue })
  const registry = await openRegistry({ transport: join(), shortenListener })
  expect([...registry.snapshot().listeners]).toEqual([['a/set1', { queue: 'a' }]])
  const before = registry.snapshot()
  await announceListener(transport, listenerFact('a', { generation: 2 }))
  await announceListener(transport, listenerFact('b'))
  await registry.until(({ listeners }) => listeners.has('b/set1'), minute)
  expect(registry.snapshot().listeners.get('a/set1')).toBe(before.listeners.get('a/set1'))
  await registry.stop()
})

test('a difference names what came, changed or went, and nothing else', async () => {
  const transport = handPlayed()
  const opening = opened(transport)
  const play = (board: string, changes: readonly (readonly [string, object | null])[]): void => {
    for (const [key, fact] of changes) {
      const change =
        fact === null ? { type: 'gone' as const, key } : { type: 'fact' as const, key, fact: messageOf(fact) }
      transport.sees.get(board)?.(change)
    }
  }
  play(boards.listeners, [
    ['stays/set1', listenerFact('stays')],
    ['goes/set1', listenerFact('goes')],
  ])
  for (const board of Object.values(boards)) transport.sees.get(board)?.({ type: 'synced' })
  const registry = await opening
  const seen: Difference[] = []
  registry.onChange((difference) => seen.push(difference))
  const next = async (board: string, changes: Parameters<typeof play>[1]): Promise<Difference> => {
    const count = seen.length
    play(board, changes)
    await soon(() => expect(seen.length).toBe(count + 1))
    return seen[count] as Difference
  }

  const first = await next(boards.listeners, [
    ['stays/set1', listenerFact('stays')],
    ['goes/set1', null],
    ['comes/set1', listenerFact('comes')],
    ['flickers/set1', listenerFact('flickers')],
    ['flickers/set1', null],
    ['never/set1', null],
    ['bad/set1', { v: 1 }],
  ])
  expect(first).toMatchObject({ listeners: new Set(['goes/set1', 'comes/set1']), sources: new Set() })
  expect([...first.before.listeners.keys()]).toEqual(['stays/set1', 'goes/set1'])
  expect(first.after).toBe(registry.snapshot())
  expect(first.after.listeners.get('stays/set1')).toBe(first.before.listeners.get('stays/set1'))

  const second = await next(boards.sources, [['forge/one', sourceFact('forge')]])
  expect(second).toMatchObject({ listeners: new Set(), sources: new Set(['forge/one']), before: first.after })
  const third = await next(boards.listeners, [['stays/set1', { v: 1 }]])
  expect(third).toMatchObject({ listeners: new Set(), sources: new Set() })
  const fourth = await next(boards.listeners, [['stays/set1', listenerFact('stays', { generation: 2 })]])
  expect(fourth.listeners).toEqual(new Set(['stays/set1']))
  await registry.stop()
})

test('facts that are repeated, as after a reconnect, are no change', async () => {
  const { bus, transport, join } = stage()
  await announceListener(transport, listenerFact('a'))
  await announceSource(transport, sourceFact('forge'))
  await forge(transport, boards.listeners, 'bad', 'bad')
  const told = vi.fn()
  const registry = await openRegistry({ transport: join(), onSetAside: told })
  const before = registry.snapshot()
  bus.restart()
  const spelt = JSON.stringify({ ...listenerFact('a'), newer: true }, null, 2)
  await forge(transport, boards.listeners, 'a/set1', new TextEncoder().encode(spelt))
  await announceListener(transport, listenerFact('b'))
  await registry.until(({ listeners }) => listeners.has('b/set1'), minute)
  expect(registry.snapshot().revision).toBe(before.revision + 1)
  expect(registry.snapshot().listeners.get('a/set1')).toBe(before.listeners.get('a/set1'))
  expect(told).toHaveBeenCalledTimes(1)
  await registry.stop()
})

test('an onChange that throws keeps nobody from hearing and is reported', async () => {
  const { transport, join } = stage()
  const told: Error[] = []
  const registry = await openRegistry({
    transport: join(),
    onSetAside: (error) => {
      told.push(error)
      throw new Error('the logger throws too')
    },
  })
  const heard = vi.fn()
  registry.onChange(() => {
    throw new Error('mine')
  })
  registry.onChange(heard)
  const unsee = registry.onChange(heard)
  unsee()
  await announceListener(transport, listenerFact('a'))
  await soon(() => expect(heard).toHaveBeenCalledTimes(1))
  expect(told.map((error) => error.message)).toEqual(['mine'])
  await registry.stop()
})

test('until is true at once, true later, or false, and leaves no timer', async () => {
  const { transport, join } = stage()
  const clock = countingClock()
  const registry = await openRegistry({ transport: join(), clock })
  expect(await registry.until(() => true, minute)).toBe(true)
  const later = registry.until(({ listeners }) => listeners.size > 0, minute)
  expect(clock.armed).toBe(1)
  await announceListener(transport, listenerFact('a'))
  expect(await later).toBe(true)
  expect(clock.armed).toBe(0)
  expect(await registry.until(() => false, 5)).toBe(false)
  const open = registry.until(() => false, minute)
  expect(clock.armed).toBe(1)
  await registry.stop()
  expect(await open).toBe(false)
  expect(await registry.until(() => false, minute)).toBe(false)
  expect(await registry.until(({ listeners }) => listeners.size > 0, minute)).toBe(true)
  expect(clock.armed).toBe(0)
})

test('until rejects with what its condition throws, at once and later', async () => {
  const { transport, join } = stage()
  const clock = countingClock()
  const registry = await openRegistry({ transport: join(), clock })
  const broken = (): never => {
    throw new Error('broken')
  }
  await expect(registry.until(broken, minute)).rejects.toThrow('broken')
  const later = expect(registry.until(({ listeners }) => listeners.size > 0 && broken(), minute)).rejects.toThrow(
    'broken',
  )
  await announceListener(transport, listenerFact('a'))
  await later
  expect(clock.armed).toBe(0)
  await registry.stop()
})

test('after stop nobody hears of changes, the last snapshot stays, and stopping again does no harm', async () => {
  const { transport, join } = stage()
  await announceListener(transport, listenerFact('a'))
  const registry = await openRegistry({ transport: join() })
  const heard = vi.fn()
  registry.onChange(heard)
  await announceListener(transport, listenerFact('b'))
  await Promise.all([registry.stop(), registry.stop()])
  const last = registry.snapshot()
  registry.onChange(heard)
  await announceListener(transport, listenerFact('c'))
  const other = await openRegistry({ transport: join() })
  expect(other.snapshot().listeners.has(listenerKey(listenerFact('c')))).toBe(true)
  await other.stop()
  expect(registry.snapshot()).toBe(last)
  expect(heard).not.toHaveBeenCalled()
})
