import { expect, test } from 'vitest'
import { Standstill } from './index.js'

function trial() {
  let now = 1000
  const asked: { answer: () => void; fail: () => void }[] = []
  const clock = { now: () => now, after: () => () => {}, defer: () => {} }
  const ask = () =>
    new Promise<void>((resolve, reject) => asked.push({ answer: resolve, fail: () => reject(new Error('gone')) }))
  const pass = (ms: number): void => {
    now += ms
  }
  return { standstill: new Standstill(clock, ask), asked, pass }
}

test('looks that come in time leave no doubt and ask nothing', () => {
  const { standstill, asked, pass } = trial()
  for (let looks = 0; looks < 5; looks++) {
    pass(100)
    expect(standstill.look(100)).toBeUndefined()
  }
  expect(asked).toEqual([])
})

test('after a late look all is in doubt, as old as the look before, until the answer to a question asked since', async () => {
  const { standstill, asked, pass } = trial()
  pass(101)
  const doubt = standstill.look(100)
  expect(doubt?.since).toBe(1000)
  pass(50)
  expect(standstill.look(100)).toBe(doubt)
  expect(asked).toHaveLength(1)
  asked[0]?.answer()
  await doubt?.over
  expect(standstill.look(100)).toBeUndefined()
})

test('a second standstill before the answer needs an answer of its own, and the age is still that of the first', async () => {
  const { standstill, asked, pass } = trial()
  pass(200)
  const first = standstill.look(100)
  pass(200)
  expect(standstill.look(100)?.since).toBe(1000)
  asked[0]?.answer()
  await first?.over
  const second = standstill.look(100)
  expect(second?.since).toBe(1000)
  asked[1]?.answer()
  await second?.over
  expect(standstill.look(100)).toBeUndefined()
})

test('a question that cannot be asked any more ends the doubt: nothing comes from there', async () => {
  const { standstill, asked, pass } = trial()
  pass(200)
  const doubt = standstill.look(100)
  asked[0]?.fail()
  await doubt?.over
  expect(standstill.look(100)).toBeUndefined()
})
