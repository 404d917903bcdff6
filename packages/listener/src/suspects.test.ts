import { expect, test } from 'vitest'
import { createLanes } from './lanes.js'
import { createSuspects } from './suspects.js'
import { createManualClock } from './testdata/clock.js'
import { createStage, issue } from './testdata/stage.js'

type Stage = ReturnType<typeof createStage>

/** A process that takes events until the poisonous one ends it, as often as it is started again. */
function crashing(stage: Stage, poison: readonly string[], handled: string[], unanswered: number) {
  let crashes = 0
  let together = 0
  let running = 0
  const start = async () => {
    const listener = stage.listener({ concurrency: 4, retry: { unanswered } })
    let died = false
    listener.on(issue.changed, { attributes: ['title'] }, async ({ id }) => {
      running++
      if (poison.includes(id)) {
        crashes++
        if (running > 1) together = Math.max(together, crashes)
        running = 0
        listener.kill()
        died = true
        await new Promise(() => undefined)
      }
      await new Promise((resolve) => setImmediate(resolve))
      running = Math.max(0, running - 1)
      handled.push(id)
    })
    const answers = listener.start()
    await stage.clock.settle()
    await answers
    return { listener, dead: () => died }
  }
  return {
    get crashes() {
      return crashes
    },
    /** The last crash that took others along. */
    get together() {
      return together
    },
    /** Restarts it after each crash, until that many are parked and all others are handled. */
    async run(events: number) {
      for (;;) {
        const { listener, dead } = await start()
        for (let step = 0; step < 400 && !dead(); step++) {
          await stage.clock.advance(500)
          if ((await stage.parked()).length === poison.length && new Set(handled).size === events - poison.length) {
            await listener.stop()
            return
          }
        }
        if (!dead()) throw new Error(`It is stuck: handled ${handled.join(', ')}`)
      }
    },
  }
}

for (const poison of [['e5'], ['e0'], ['e2', 'e17']]) {
  test(`an event whose handler ends the process is parked in the end, and no other: ${poison.join(', ')}`, async () => {
    const stage = createStage()
    await stage.transport.declare('notifier')
    for (let n = 0; n < 24; n++) await stage.publish({ id: `e${n}`, subject: `r${n}` })
    const handled: string[] = []
    const process = crashing(stage, poison, handled, 6)
    await process.run(24)
    const parked = await stage.parked()
    expect(parked.map(({ message }) => message.id).sort()).toEqual([...poison].sort())
    for (const { message, attempt } of parked) {
      expect(message.headers['error-code']).toBe('handler-silent')
      expect(attempt).toBe(1)
    }
    expect(process.crashes).toBeLessThanOrEqual(6 * poison.length)
    expect(process.together).toBeLessThanOrEqual(2 * poison.length)
    expect(new Set(handled).size).toBe(24 - poison.length)
  })
}

test('a suspect that is handled after all was innocent: nothing is parked', async () => {
  const stage = createStage()
  await stage.transport.declare('notifier')
  await stage.publish({ id: 'e' })
  let starts = 0
  for (; starts < 4; starts++) {
    const listener = stage.listener()
    let handled = false
    listener.on(issue.changed, { attributes: ['title'] }, () => {
      if (starts < 3) listener.kill()
      else handled = true
    })
    await listener.start()
    await stage.clock.advance(2000)
    expect(handled).toBe(starts === 3)
    if (handled) await listener.stop()
  }
  expect(await stage.parked()).toEqual([])
})

test.each([
  { counts: [2, 3, 2], most: 3, limit: 20, settleMs: 50 },
  { counts: [8, 9, 8], most: 9, limit: 20, settleMs: 500 },
  { counts: [2, 3, 2], most: 3, limit: 6, settleMs: 500 },
])(
  'the one that was handed out most often is tried, alone, after $settleMs ms with a limit of $limit; the others are to wait',
  async ({ counts, most, limit, settleMs }) => {
    const clock = createManualClock()
    const lanes = createLanes(4)
    const suspects = createSuspects(lanes, clock, limit)
    const ended: string[] = []
    let endBeside = (): void => undefined
    const beside = new Promise<void>((resolve) => {
      endBeside = resolve
    })
    const own = lanes.run('other', () => beside.then(() => ended.push('beside')))
    const tries = counts.map((count) =>
      suspects.try(count, async () => {
        expect(lanes.running).toBe(1)
        return ended.push(`suspect ${count}`)
      }),
    )
    const later = lanes.run('later', async () => ended.push('later'))
    await clock.advance(1000)
    expect(ended).toEqual([])
    endBeside()
    await clock.advance(settleMs - 1)
    expect(ended).toEqual(['beside'])
    await clock.advance(1)
    expect(await Promise.all([own, ...tries, later])).toEqual([1, 'another', 2, 'another', 3])
    expect(ended).toEqual(['beside', `suspect ${most}`, 'later'])
  },
)

test('a heavier suspect that comes during a short pause gets the whole of its long one', async () => {
  const clock = createManualClock()
  const suspects = createSuspects(createLanes(4), clock, 20)
  const tried: number[] = []
  const light = suspects.try(2, async () => tried.push(2))
  await clock.advance(40)
  const heavy = suspects.try(8, async () => tried.push(8))
  expect(await light).toBe('another')
  await clock.advance(459)
  expect(tried).toEqual([])
  await clock.advance(1)
  expect(await heavy).toBe(1)
  expect(tried).toEqual([8])
  expect(clock.armed).toBe(0)
})

test('a suspect that waits for its trial is given back when the listener stops', async () => {
  const clock = createManualClock()
  const lanes = createLanes(4)
  const suspects = createSuspects(lanes, clock, 20)
  const never = suspects.try(8, () => Promise.reject(new Error('tried all the same')))
  await clock.advance(100)
  suspects.close()
  lanes.close()
  expect(await never).toBeUndefined()
  expect(await suspects.try(2, async () => 1)).toBeUndefined()
  expect(clock.armed).toBe(0)
})

test('deliveries that this process has survived do not speak against a message', () => {
  const suspects = createSuspects(createLanes(4), createManualClock(), 20)
  // Twice elsewhere, then here, over a link that breaks.
  expect([2, 3, 4].map((count) => suspects.against('m', count))).toEqual([2, 2, 2])
  expect([0, 1, 2].map((count) => suspects.against('fresh', count))).toEqual([0, 0, 0])
  // A verdict was heard, then two processes died of it.
  expect(suspects.against('m', 0)).toBe(0)
  expect(suspects.against('m', 3)).toBe(2)
  suspects.forget('m')
  expect(suspects.against('m', 2)).toBe(2)
})

test('an event that waits here while the link breaks over and over is never suspected', async () => {
  const stage = createStage()
  const listener = stage.listener({ concurrency: 1, retry: { unanswered: 3 }, timeoutMs: 60_000 })
  const handled: string[] = []
  listener.on(issue.changed, { attributes: ['title'] }, async ({ id }) => {
    await new Promise<void>((resolve) => void stage.clock.after(10_000, resolve))
    handled.push(id)
  })
  await listener.start()
  for (const id of ['e0', 'e1', 'e2']) await stage.publish({ id, subject: id })
  for (let second = 0; second < 40; second++) {
    await stage.clock.advance(1000)
    stage.bus.restart()
  }
  await stage.clock.advance(1000)
  expect(handled.sort()).toEqual(['e0', 'e1', 'e2'])
  expect(await stage.parked()).toEqual([])
  await listener.stop()
})
