import { boards } from '@recordcast/protocol/control'
import { expect, test, vi } from 'vitest'
import { announceListener, openRegistry } from './index.js'
import { countingClock, handPlayed, listenerFact, soon, stage } from './testdata/stage.js'

const never = (): Promise<void> => new Promise(() => undefined)

test('a watch that rejects rejects the opening though the other board never replays', async () => {
  const transport = handPlayed(async (board) => {
    if (board === boards.sources) throw new Error('no link')
  })
  await expect(openRegistry({ transport })).rejects.toThrow('no link')
  await soon(() => expect(transport.stopped).toEqual([boards.listeners]))
})

test('a watch that rejects rejects the opening though the other watch never stands', async () => {
  const transport = handPlayed(async (board) => {
    if (board === boards.sources) return never()
    throw new Error('no link')
  })
  await expect(openRegistry({ transport })).rejects.toThrow('no link')
})

test('a watch that throws instead of rejecting does the same', async () => {
  const transport = handPlayed()
  transport.watch = (): never => {
    throw new Error('at once')
  }
  await expect(openRegistry({ transport })).rejects.toThrow('at once')
})

test('a board that was open already is closed when the other one cannot be opened', async () => {
  let fail = (_error: Error): void => undefined
  const transport = handPlayed((board) =>
    board === boards.listeners ? Promise.resolve() : new Promise((_, reject) => (fail = reject)),
  )
  const opening = openRegistry({ transport })
  transport.sees.get(boards.listeners)?.({ type: 'synced' })
  await new Promise((resolve) => setImmediate(() => setImmediate(resolve)))
  fail(new Error('no link'))
  await expect(opening).rejects.toThrow('no link')
  expect(transport.stopped).toEqual([boards.listeners])
})

test('giving up during the replay leaves nothing open', async () => {
  const clock = countingClock()
  const transport = handPlayed()
  const giveUp = new AbortController()
  const opening = openRegistry({ transport, clock, signal: giveUp.signal })
  const see = transport.sees.get(boards.listeners)
  see?.({ type: 'fact', key: 'a/set1', fact: { id: 'a', body: new Uint8Array(), headers: {} } })
  giveUp.abort()
  await expect(opening).rejects.toMatchObject({ code: 'stopped' })
  await soon(() => expect(transport.stopped.toSorted()).toEqual([boards.listeners, boards.sources]))
  see?.({ type: 'synced' })
  expect(clock.armed).toBe(0)
})

test('giving up ends a watch that comes to stand only later', async () => {
  let stand = (): void => undefined
  const transport = handPlayed((board) =>
    board === boards.sources ? Promise.resolve() : new Promise((resolve) => (stand = resolve)),
  )
  const giveUp = new AbortController()
  const opening = openRegistry({ transport, signal: giveUp.signal })
  giveUp.abort()
  await expect(opening).rejects.toMatchObject({ code: 'stopped' })
  await soon(() => expect(transport.stopped).toEqual([boards.sources]))
  stand()
  await soon(() => expect(transport.stopped).toEqual([boards.sources, boards.listeners]))
})

test('a signal that was aborted before opens nothing', async () => {
  const transport = handPlayed()
  await expect(openRegistry({ transport, signal: AbortSignal.abort() })).rejects.toMatchObject({ code: 'stopped' })
  expect(transport.sees.size).toBe(0)
})

test('a signal that is aborted later does nothing', async () => {
  const { transport, join } = stage()
  const giveUp = new AbortController()
  const registry = await openRegistry({ transport: join(), signal: giveUp.signal })
  giveUp.abort()
  await announceListener(transport, listenerFact('a'))
  expect(await registry.until(({ listeners }) => listeners.size === 1, 60_000)).toBe(true)
  await registry.stop()
})

test('what the transport reports is passed on', async () => {
  const { transport } = stage()
  const told = vi.fn()
  const watch = vi.spyOn(transport, 'watch')
  const registry = await openRegistry({ transport, onSetAside: told })
  for (const [, , options] of watch.mock.calls) options?.onError?.(new Error('the link broke'))
  expect(told.mock.calls.map(([error]) => error.message)).toEqual(['the link broke', 'the link broke'])
  await registry.stop()
})

test('stopping on a transport that was closed resolves', async () => {
  const { join } = stage()
  const transport = join()
  const registry = await openRegistry({ transport })
  await transport.close()
  await registry.stop()
  await expect(openRegistry({ transport })).rejects.toMatchObject({ code: 'transport-closed' })
})
