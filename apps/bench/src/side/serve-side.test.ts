import { expect, test } from 'vitest'
import { serveSide } from './serve-side.js'
import type { Answer, Order, SideSpec } from './spec.js'

/** What a side answers, in order. */
async function told(spec: SideSpec, orders: readonly Order[]): Promise<Answer[]> {
  const answers: Answer[] = []
  let hear = (_order: Order): void => undefined
  let next = (): void => undefined
  const channel = {
    send: (answer: Answer) => {
      answers.push(answer)
      next()
    },
    on: (_event: 'message', given: (order: Order) => void) => {
      hear = given
    },
  }
  await serveSide(spec, channel)
  for (const order of orders) {
    const answered = new Promise<void>((resolve) => {
      next = resolve
    })
    hear(order)
    await answered
  }
  return answers
}

test('a side runs its load as often as it is told, and says what it cannot do', async () => {
  for (const of of ['recordcast, encoding', 'JSON.stringify a listener'] as const) {
    const spec = { of, load: { bodyBytes: 400, events: 3 } }
    const orders = [{ run: 'rig' }, { run: 'flow', events: 1 }, { run: 'rig' }, { run: 'close' }] as const
    const [opened, first, refused, second, closed] = await told(spec, orders)
    expect([opened, closed]).toEqual([{ figures: {} }, { figures: {} }])
    expect(refused).toEqual({ failure: 'A rig does not do this: flow' })
    for (const each of [first, second]) {
      const figures = each !== undefined && 'figures' in each ? each.figures : {}
      expect(figures.cpuMicros).toBeGreaterThan(0)
      expect(figures.bytes).toBeGreaterThan(of === 'recordcast, encoding' ? 5 * 200 : 50 * 200)
    }
  }
})

test('both sides of the embedded race handle every delivery of their load', async () => {
  const load = { listeners: 3, bodyBytes: 400, window: 10, events: 20 }
  for (const of of ['recordcast, embedded', 'EventEmitter + JSON copy'] as const) {
    const [, ran] = await told({ of, load }, [{ run: 'rig' }, { run: 'close' }])
    expect(ran).toMatchObject({ figures: { perSecond: expect.any(Number), cpuMicros: expect.any(Number) } })
  }
})

test('both sides of the matching race find the same', async () => {
  const load = { only: 'anything-but', patterns: 50, quick: true } as const
  const found = await Promise.all(
    (['recordcast, matching', 'sift, a query a pattern'] as const).map((of) => told({ of, load }, [{ run: 'rig' }])),
  )
  const matches = found.map(([, ran]) => (ran !== undefined && 'figures' in ran ? ran.figures.matches : undefined))
  expect(matches[0]).toBeGreaterThan(0)
  expect(matches[1]).toBeCloseTo(matches[0]!)
})

test('a side that cannot be opened says why', async () => {
  const options = { url: 'amqp://127.0.0.1:1', listeners: 1, bytes: 300 }
  const [opened] = await told({ of: 'amqplib', broker: 'amqp', options }, [])
  expect(opened).toMatchObject({ failure: expect.stringContaining('ECONNREFUSED') })
})
