import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createLanes } from './lanes.js'

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

test('per key in order and one at a time, never more than the bound, every job once', async () => {
  const jobs = fc.array(
    fc.record({ key: fc.constantFrom('a', 'b', 'c', 'd'), turns: fc.nat(3), fails: fc.boolean() }),
    {
      maxLength: 40,
    },
  )
  let full = 0
  await fc.assert(
    fc.asyncProperty(jobs, fc.integer({ min: 1, max: 5 }), async (list, bound) => {
      const lanes = createLanes(bound)
      const ended: Record<string, number[]> = {}
      const runningOf = new Map<string, number>()
      let running = 0
      const results = list.map(({ key, turns, fails }, index) =>
        lanes.run(key, async () => {
          running++
          runningOf.set(key, (runningOf.get(key) ?? 0) + 1)
          expect(running).toBeLessThanOrEqual(bound)
          expect(runningOf.get(key)).toBe(1)
          if (running === bound) full++
          for (let left = turns; left > 0; left--) await turn()
          running--
          runningOf.set(key, 0)
          ended[key] = [...(ended[key] ?? []), index]
          if (fails) throw new Error(`job ${index}`)
          return index
        }),
      )
      const settled = await Promise.allSettled(results)
      for (const [index, { fails }] of list.entries())
        expect(settled[index]?.status).toBe(fails ? 'rejected' : 'fulfilled')
      for (const key of Object.keys(ended)) {
        const expected = list.flatMap((job, index) => (job.key === key ? [index] : []))
        expect(ended[key]).toEqual(expected)
      }
      await turn()
      expect([lanes.running, lanes.waiting]).toEqual([0, 0])
    }),
    { numRuns: 100 },
  )
  expect(full).toBeGreaterThan(0)
})

test('a job that ends as it begins runs at once if its turn has come, and gives what it gives without a promise', () => {
  const lanes = createLanes(1)
  expect(lanes.run('a', () => 1)).toBe(1)
  expect(() =>
    lanes.run('a', () => {
      throw new Error('no')
    }),
  ).toThrow('no')
  expect([lanes.running, lanes.waiting]).toEqual([0, 0])
})

test('20,000 jobs that end as they begin have their turns one after the other, in order, on a stack that does not grow', async () => {
  const lanes = createLanes(2)
  let release = (): void => undefined
  const held = new Promise<void>((resolve) => {
    release = resolve
  })
  const first = lanes.run('a', () => held)
  const order: number[] = []
  const rest = Array.from({ length: 20_000 }, (_, n) =>
    lanes.run('a', () => {
      if (n === 10_000) throw new Error('in between')
      return order.push(n)
    }),
  )
  expect([lanes.running, lanes.waiting]).toEqual([1, 20_000])
  release()
  await first
  const settled = await Promise.allSettled(rest)
  expect(settled.findIndex(({ status }) => status === 'rejected')).toBe(10_000)
  expect(order).toEqual(Array.from({ length: 20_000 }, (_, n) => n).filter((n) => n !== 10_000))
  expect([lanes.running, lanes.waiting]).toEqual([0, 0])
})

test('a job that waits for its lane holds no slot', async () => {
  const lanes = createLanes(2)
  const order: string[] = []
  let release = (): void => undefined
  const held = new Promise<void>((resolve) => {
    release = resolve
  })
  const first = lanes.run('a', () => held)
  const second = lanes.run('a', async () => order.push('a2'))
  await lanes.run('b', async () => order.push('b1'))
  expect([lanes.running, lanes.waiting, order]).toEqual([1, 1, ['b1']])
  release()
  await Promise.all([first, second])
  expect(order).toEqual(['b1', 'a2'])
})

test('a busy key takes its turn behind the others', async () => {
  const lanes = createLanes(1)
  const order: string[] = []
  const job = (name: string) => async () => {
    await turn()
    order.push(name)
  }
  await Promise.all([lanes.run('a', job('a1')), lanes.run('a', job('a2')), lanes.run('b', job('b1'))])
  expect(order).toEqual(['a1', 'b1', 'a2'])
})

test('closing gives back what waits, the last to come first, and lets what runs end', async () => {
  const lanes = createLanes(1)
  const back: number[] = []
  let release = (): void => undefined
  const running = lanes.run('a', () => new Promise<string>((resolve) => (release = () => resolve('done'))))
  const waiting = ['a', 'b', 'a'].map((key, index) =>
    lanes.run(key, async () => 'ran').then((result) => result === undefined && back.push(index)),
  )
  lanes.close()
  await Promise.all(waiting)
  expect(back).toEqual([2, 1, 0])
  expect([lanes.running, lanes.waiting]).toEqual([1, 0])
  release()
  expect(await running).toBe('done')
  expect(await lanes.run('a', async () => 'late')).toBeUndefined()
})
