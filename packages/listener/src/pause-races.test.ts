import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createStage, issue } from './testdata/stage.js'

/*
Pauses, resumes, stops, starts and events in any order, each begun before the one before it has come to its end. Whatever the order: once all is quiet, the listener
takes events exactly if it is started and not paused, and in the end each event has been handled, none of them twice, none counted as a failure, none out of its record's order.
*/

type Step = 'pause' | 'resume' | 'stop' | 'start' | 'publish' | 'end' | 'breathe' | 'settle'

const step = fc.constantFrom<Step>(
  ...([
    'pause',
    'resume',
    'pause',
    'resume',
    'stop',
    'start',
    'publish',
    'publish',
    'end',
    'breathe',
    'settle',
  ] as const),
)

async function play(steps: readonly Step[], stopTimeoutMs: number): Promise<void> {
  const stage = createStage()
  const { clock, transport } = stage
  const handled: string[] = []
  const running: (() => void)[] = []
  const attempts = new Set<number>()
  const listener = stage.listener({ concurrency: 2, stopTimeoutMs })
  listener.on(issue.changed, { attributes: [] }, ({ id }, { attempt, signal }) => {
    attempts.add(attempt)
    return new Promise<void>((resolve) => {
      running.push(() => {
        if (!signal.aborted) handled.push(id)
        resolve()
      })
    })
  })
  const endAll = (): void => {
    for (const end of running.splice(0)) end()
  }
  const underWay: Promise<unknown>[] = []
  let published = 0
  let wished = { started: false, paused: false }
  await listener.start()
  wished = { started: true, paused: false }
  for (const each of steps) {
    if (each === 'pause') underWay.push(stage.pause())
    if (each === 'resume') underWay.push(stage.resume())
    if (each === 'stop') underWay.push(listener.stop())
    if (each === 'start') underWay.push(listener.start().catch(({ code }) => expect(code).toBe('already-started')))
    if (each === 'publish') underWay.push(stage.publish({ id: `${published}`, subject: `${published++ % 3}` }))
    if (each === 'end') running.shift()?.()
    if (each === 'breathe') await new Promise((resolve) => setImmediate(resolve))
    if (each === 'settle') await clock.settle()
    if (each === 'pause' || each === 'resume') wished = { ...wished, paused: each === 'pause' }
  }
  endAll()
  // Handlers that came meanwhile keep a stop waiting no longer than its patience.
  await clock.advance(stopTimeoutMs)
  endAll()
  await clock.settle()
  await Promise.all(underWay)
  const attended = (await transport.inspect('notifier'))?.attended
  const started = await listener.start().then(
    () => false,
    () => true,
  )
  expect(attended).toBe(started && !wished.paused)

  await clock.settle()
  await stage.resume()
  for (let round = 0; handled.length < published && round < 50; round++) {
    await clock.settle()
    endAll()
  }
  expect(handled.toSorted((a, b) => Number(a) - Number(b))).toEqual(
    Array.from({ length: published }, (_, at) => `${at}`),
  )
  for (const record of [0, 1, 2]) {
    const own = handled.map(Number).filter((id) => id % 3 === record)
    expect(own).toEqual(own.toSorted((a, b) => a - b))
  }
  expect([...attempts].filter((attempt) => attempt !== 1)).toEqual([])
  await listener.stop()
  expect(clock.armed).toBe(0)
}

test('however pauses, resumes, stops and starts come, what is and what is wished agree in the end', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 14 }), (steps) => play(steps, 500)),
    { numRuns: 60 },
  )
}, 60_000)
