import { defineRecord } from '@recordcast/protocol'
import type { ListenerFact } from '@recordcast/protocol/control'
import { systemClock } from '@recordcast/transport'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { createDirectory } from './directory.js'
import { createIntake } from './intake.js'
import { createOwnedRecords } from './owned.js'

const issue = defineRecord('issue', z.object({ title: z.string(), state: z.string() }))

const fact = (queue: string, set = 'one'): ListenerFact => ({
  ...{ v: 1, kind: 'listener', service: queue, listener: queue, queue, delivery: 'shared', set, generation: 1 },
  ...{ address: `listener/${queue}/${set}`, since: '2026-01-02T03:04:05.678Z' },
  subscriptions: [{ event: 'issue.changed', attributes: ['title'], filter: { state: [queue] }, tenants: 'all' }],
})

/** A board and a directory, and a clock on which every look takes a millisecond and turns come when they are called. */
function rig() {
  const board = new Map<string, ListenerFact>()
  const turns: (() => void)[] = []
  let now = 0
  const clock = { ...systemClock, now: () => now++, defer: (run: () => void) => void turns.push(run) }
  const directory = createDirectory(() => owned)
  const owned = createOwnedRecords([{ type: issue }], clock, () => [])
  const intake = createIntake({ directory, clock, standing: () => board })
  return { board, turns, directory, intake }
}

test('a small change is through at once', async () => {
  const { board, turns, directory, intake } = rig()
  board.set('a/one', fact('a'))
  intake.take(['a/one'])
  expect(directory.keys()).toEqual(['a/one'])
  board.delete('a/one')
  intake.take(['a/one'])
  expect(directory.keys()).toEqual([])
  expect(turns).toEqual([])
  await intake.settled()
})

test('a crowd is taken in over many turns, a few facts in each, and said to be settled after the last', async () => {
  const { board, turns, directory, intake } = rig()
  for (let n = 0; n < 200; n++) board.set(`q${n}/one`, fact(`q${n}`))
  intake.take(board.keys())
  let settled = false
  const whole = intake.settled().then(() => {
    settled = true
  })
  let largest = directory.keys().length
  for (let turn = turns.shift(); turn !== undefined; turn = turns.shift()) {
    const before = directory.keys().length
    turn()
    largest = Math.max(largest, directory.keys().length - before)
    await Promise.resolve()
    expect(settled && directory.keys().length < 200).toBe(false)
  }
  await whole
  expect(directory.keys()).toHaveLength(200)
  expect(largest).toBeLessThan(12)
})

test('what waits is looked up when its turn comes, and a fact in a hurry does not wait', () => {
  const { board, turns, directory, intake } = rig()
  for (let n = 0; n < 100; n++) board.set(`q${n}/one`, fact(`q${n}`))
  intake.take(board.keys())
  expect(directory.taken('q98/one')?.verdicts).toBe(undefined)
  intake.hurry('q98/one')
  expect(directory.taken('q98/one')?.verdicts).toMatchObject([{ verdict: 'accepted' }])
  board.delete('q99/one')
  while (turns.length > 0) turns.shift()?.()
  expect(directory.keys()).toHaveLength(99)
  expect(directory.taken('q99/one')?.verdicts).toBe(undefined)
})

test('of a set and the one that replaces it, one at least is always known', () => {
  const { board, turns, directory, intake } = rig()
  for (let n = 0; n < 100; n++) board.set(`q${n}/old`, fact(`q${n}`, 'old'))
  intake.take(board.keys())
  while (turns.length > 0) turns.shift()?.()
  for (let n = 0; n < 100; n++) {
    board.delete(`q${n}/old`)
    board.set(`q${n}/new`, fact(`q${n}`, 'new'))
  }
  intake.take(Array.from({ length: 100 }, (_, n) => [`q${n}/old`, `q${n}/new`]).flat())
  for (let turn = turns.shift(); turn !== undefined; turn = turns.shift()) {
    for (let n = 0; n < 100; n++) expect(directory.setsOn(`q${n}`)).toBeGreaterThanOrEqual(1)
    turn()
  }
  expect(directory.keys().every((key) => key.endsWith('/new'))).toBe(true)
  expect(directory.keys()).toHaveLength(100)
})

test('what is stopped takes nothing more in', () => {
  const { board, turns, directory, intake } = rig()
  for (let n = 0; n < 100; n++) board.set(`q${n}/one`, fact(`q${n}`))
  intake.take(board.keys())
  const before = directory.keys().length
  intake.stop()
  while (turns.length > 0) turns.shift()?.()
  intake.hurry('q99/one')
  expect(directory.keys()).toHaveLength(before)
})

test('subscriptions that ask for the same share what is made of it, and the index has the filter to itself', () => {
  const { board, directory, intake } = rig()
  board.set('a/one', fact('a'))
  board.set('b/one', fact('b'))
  intake.take(board.keys())
  const [a, b] = [...directory.entries()]
  expect(a?.atoms).toHaveLength(1)
  expect(a?.atoms).toBe(b?.atoms)
  expect(a?.trees).toBe(b?.trees)
  expect(a?.filter?.trees).toBe(b?.filter?.trees)
  expect(a?.filter?.whole).toBe(undefined)
  expect(a?.filter?.indexed).toBe(true)
})
