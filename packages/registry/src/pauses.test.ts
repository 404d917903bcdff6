import { boards, type PauseFact } from '@recordcast/protocol/control'
import { expect, test } from 'vitest'
import { openRegistry } from './index.js'
import { announcePause, type Difference, withdrawPause } from './operator/index.js'
import { forge, handPlayed, soon, stage } from './testdata/stage.js'

const minute = 60_000
const pause = (queue: string, more: Partial<PauseFact> = {}): PauseFact => ({
  ...{ v: 1, kind: 'pause', queue, since: '2026-01-02T03:04:05.678Z', by: 'ann' },
  ...more,
})

test('a pause that stood is there at once, one that comes follows, and both can be withdrawn', async () => {
  const { transport, join } = stage()
  await announcePause(transport, pause('early'))
  const registry = await openRegistry({ transport: join(), keepPause: () => true })
  expect([...registry.snapshot().pauses]).toEqual([['early', pause('early')]])
  const seen: (readonly string[])[] = []
  registry.onChange(({ pauses }: Difference) => void seen.push([...pauses]))
  await announcePause(transport, pause('late@one'))
  expect(await registry.until(({ pauses }) => pauses.has('late@one'), minute)).toBe(true)
  await withdrawPause(transport, 'early')
  await withdrawPause(transport, 'never')
  expect(await registry.until(({ pauses }) => !pauses.has('early'), minute)).toBe(true)
  expect(seen).toEqual([['late@one'], ['early']])
  await registry.stop()
})

test('a listener reads the pause of its own queue only', async () => {
  const { transport, join } = stage()
  await announcePause(transport, pause('mine'))
  await announcePause(transport, pause('theirs'))
  const registry = await openRegistry({ transport: join(), keepPause: (queue) => queue === 'mine' })
  expect([...registry.snapshot().pauses.keys()]).toEqual(['mine'])
  await registry.stop()
})

test('whoever does not ask for pauses does not open their board', async () => {
  const transport = handPlayed()
  const opening = openRegistry({ transport })
  for (const see of transport.sees.values()) see({ type: 'synced' })
  const registry = await opening
  expect([...transport.sees.keys()].sort()).toEqual(['listeners', 'sources'])
  expect(registry.snapshot().pauses.size).toBe(0)
  await registry.stop()
})

test('a pause that cannot be read is set aside; the last good one stays', async () => {
  const { transport, join } = stage()
  await announcePause(transport, pause('queue'))
  const registry = await openRegistry({ transport: join(), keepPause: () => true })
  await forge(transport, boards.pauses, 'queue', { ...pause('queue'), v: 2 })
  await forge(transport, boards.pauses, 'other', pause('queue'))
  await soon(() => expect(registry.snapshot().setAside.size).toBe(2))
  expect([...registry.snapshot().setAside.keys()].sort()).toEqual(['pauses:other', 'pauses:queue'])
  expect([...registry.snapshot().pauses.keys()]).toEqual(['queue'])
  await registry.stop()
})

test('a pause that every reader would set aside is refused where it is announced', async () => {
  const { transport } = stage()
  const refused = (fact: PauseFact) => announcePause(transport, fact)
  await expect(refused(pause('a!parked'))).rejects.toMatchObject({ code: 'announcement-invalid', path: '/queue' })
  await expect(refused(pause('a', { by: 'x'.repeat(257) }))).rejects.toMatchObject({ path: '/by' })
})
