import { expect, test } from 'vitest'
import { createStage, issue } from './testdata/stage.js'

async function started() {
  const stage = createStage()
  const listener = stage.listener()
  listener.on(issue.changed, { attributes: ['title'] }, () => undefined)
  await listener.start()
  const [fact] = await stage.facts()
  return { stage, clock: stage.clock, listener, fact: fact! }
}

test('a fact that somebody takes off the board is put back, the same', async () => {
  const { stage, clock, listener, fact } = await started()
  await stage.withdraw(fact)
  await clock.settle()
  expect(await stage.facts()).toEqual([fact])
  await listener.stop()
  await stage.withdraw(fact)
  await clock.advance(60_000)
  expect(await stage.facts()).toEqual([])
  expect(clock.armed).toBe(0)
})

test('putting it back is tried again every second until it succeeds', async () => {
  const { stage, clock, listener, fact } = await started()
  const real = listener.transport.announce
  let tries = 0
  listener.transport.announce = async () => {
    tries++
    throw new Error('no')
  }
  await stage.withdraw(fact)
  await clock.advance(2000)
  expect(tries).toBe(3)
  listener.transport.announce = real
  await clock.advance(1000)
  expect(await stage.facts()).toEqual([fact])
  await listener.stop()
  expect(clock.armed).toBe(0)
})

test('a source that comes later is asked for its verdict; its refusal is logged and shown until it accepts', async () => {
  const { stage, clock, listener, fact } = await started()
  let refuse = true
  const reason = { code: 'unknown-attribute', message: 'There is no attribute "title"' }
  const source = await stage.source({
    verdict: () => ({
      verdicts: refuse ? [{ event: 'issue.changed', verdict: 'refused', reasons: [reason] }] : [],
    }),
  })
  await clock.until(() => listener.stats().refusals.length === 1)
  expect(source.asked).toEqual([{ v: 1, kind: 'verdict', key: `notifier/${fact.set}`, set: fact.set }])
  expect(listener.stats().refusals).toEqual([
    { service: 'forge', instance: 'one', reasons: [{ ...reason, message: `issue.changed: ${reason.message}` }] },
  ])
  expect(stage.logged.some(({ level, message }) => level === 'error' && message.includes('refuses'))).toBe(true)
  refuse = false
  await source.announceAnew()
  await clock.until(() => listener.stats().refusals.length === 0)
  await listener.stop()
})

test('a restart of the broker is survived: subscribed, attended, asked anew', async () => {
  const { stage, clock, listener, fact } = await started()
  stage.bus.restart()
  await clock.settle()
  await stage.publish({ id: 'after' })
  await clock.until(() => listener.stats().handled === 1)
  expect(await stage.facts()).toEqual([fact])
  await listener.stop()
})

test('a source and a listener that start at the same moment find each other', async () => {
  for (let ticks = 0; ticks < 30; ticks++) {
    const stage = createStage()
    const listener = stage.listener().on(issue.changed, { attributes: ['title'] }, () => undefined)
    const starting = listener.start()
    for (let i = 0; i < ticks; i++) await new Promise((resolve) => setImmediate(resolve))
    const source = await stage.source()
    await starting
    await stage.clock.settle()
    expect(source.asked.filter(({ kind }) => kind === 'verdict').length, `${ticks} ticks`).toBeGreaterThan(0)
    await listener.stop()
  }
})

test('a fact that vanished while start still asked the sources is put back', async () => {
  const stage = createStage()
  const verdict = async () => {
    for (const fact of await stage.facts()) await stage.withdraw(fact)
    await stage.clock.settle()
    return { verdicts: [] }
  }
  await stage.source({ verdict })
  const listener = stage.listener()
  listener.on(issue.changed, { attributes: ['title'] }, () => undefined)
  await listener.start()
  await stage.clock.settle()
  expect(await stage.facts()).toHaveLength(1)
  await listener.stop()
})
