import { expect, test } from 'vitest'
import { median, take } from './take.js'

test('a median is the middle one, or between the two in the middle', () => {
  expect(median([3, 1, 2])).toBe(2)
  expect(median([4, 1, 3, 2])).toBe(2.5)
})

test('both sides run in turns after a warm-up that is not counted, and the ratio says how many times better ours is', async () => {
  const order: string[] = []
  const figures = { ours: [999, 10, 20, 30], theirs: [999, 5, 5, 10] }
  const side = (name: 'ours' | 'theirs') => () => {
    order.push(name)
    return figures[name].shift()!
  }
  let ended = 0
  const row = await take('part', {
    ...{ name: 'm', against: 'them', unit: 'events/s', better: 'higher', runs: 3 },
    ...{ ours: side('ours'), theirs: side('theirs'), end: () => void ended++ },
    bars: [
      { of: 'ratio', atLeast: 3 },
      { of: 'ratio', atLeast: 3.1 },
      { of: 'ours', atMost: 20 },
    ],
  })
  expect(order).toEqual(['ours', 'theirs', 'ours', 'theirs', 'ours', 'theirs', 'ours', 'theirs'])
  expect(row).toMatchObject({ ours: 20, theirs: 5, ratio: 3, spread: 1, runs: 3 })
  expect(row.bars.map(({ met }) => met)).toEqual([true, false, true])
  expect(ended).toBe(1)
})

test('where less is better the ratio is turned over, and a measure that fails is ended all the same', async () => {
  const base = { name: 'm', against: 'them', unit: 'ms', better: 'lower', runs: 1, bars: [] } as const
  expect(await take('p', { ...base, ours: () => 2, theirs: () => 6 })).toMatchObject({ ratio: 3 })
  let ended = false
  const failing = take('p', {
    ...base,
    ours: () => Promise.reject(new Error('no broker')),
    end: () => {
      ended = true
    },
  })
  await expect(failing).rejects.toThrow('no broker')
  expect(ended).toBe(true)
})
