import { expect, test } from 'vitest'
import type { ListenerEvent } from './handler.js'
import type { ListenerOptions } from './options.js'
import { createStage, issue, type SourceScript } from './testdata/stage.js'

const lost = [{ path: 'title', code: 'loader-failed', message: 'the loader failed' }]

async function started(
  options: Partial<ListenerOptions>,
  attributes: Record<string, string>,
  ...scripts: SourceScript[]
) {
  const stage = createStage()
  const sources: Awaited<ReturnType<typeof stage.source>>[] = []
  for (const script of scripts) sources.push(await stage.source(script))
  const seen: ListenerEvent<unknown>[] = []
  const listener = stage.listener({ retry: { delaysMs: [1000], jitter: 0 }, ...options })
  listener.on(issue.changed, { attributes }, (event) => void seen.push(event))
  await listener.start()
  const completes = () => sources.flatMap(({ asked }) => asked.filter(({ kind }) => kind === 'complete'))
  return { stage, seen, listener, completes, clock: stage.clock, sources }
}

const named = { name: 'title', state: 'state', at: '$event.time' }

test('what an event lacks is asked of its source before the handler is called', async () => {
  const complete = () => ({ values: { title: 'loaded', state: 'ignored' }, failed: [] })
  const { stage, seen, clock, listener, completes } = await started({}, named, { complete })
  await stage.publish({ id: 'x', tenant: 't', missing: lost, data: { state: 'open' } })
  await clock.until(() => seen.length === 1)
  expect(seen[0]?.data).toMatchObject({ name: 'loaded' })
  expect(seen[0]?.missing).toEqual([])
  expect(completes()).toEqual([
    { v: 1, kind: 'complete', event: 'x', type: 'issue.changed', subject: '7', tenant: 't', attributes: ['title'] },
  ])
  expect(listener.stats()).toMatchObject({ completed: 1, handled: 1 })
  await listener.stop()
})

test('an atom that is named as missing is not read from the data even if something stands there', async () => {
  const complete = () => ({ values: { title: 'loaded' }, failed: [] })
  const { stage, seen, clock, listener } = await started({}, { name: 'title' }, { complete })
  await stage.publish({ missing: lost, data: { title: 'stale' } })
  await clock.until(() => seen.length === 1)
  expect(seen[0]?.data).toEqual({ name: 'loaded' })
  await listener.stop()
})

test('only what the handler really needs is asked for: an or-else is not looked behind', async () => {
  const { stage, seen, clock, listener, completes } = await started({}, { name: 'state!title' }, {})
  await stage.publish({ missing: lost, data: { state: 'open' } })
  await clock.until(() => seen.length === 1)
  expect(seen[0]?.data).toEqual({ name: 'open' })
  expect(completes()).toEqual([])
  await listener.stop()
})

test('instances of the source are asked one after the other until one answers; other services are not', async () => {
  const complete = () => ({ values: { title: 'from two' }, failed: [] })
  const { stage, seen, clock, listener, sources } = await started(
    {},
    { name: 'title' },
    { instance: 'one' },
    { instance: 'two', complete },
    { instance: 'three', complete },
    { service: 'other', complete },
  )
  await stage.publish({ missing: lost, data: {} })
  await clock.until(() => seen.length === 1)
  expect(seen[0]?.data).toEqual({ name: 'from two' })
  expect(sources.map(({ asked }) => asked.some(({ kind }) => kind === 'complete'))).toEqual([true, true, false, false])
  await listener.stop()
})

test('an instance that remembers the event is believed before one that only knows the record as it is now', async () => {
  const now = () => ({ remembered: false, values: { title: 'as it is now' }, failed: [] })
  const then = () => ({ remembered: true, values: { title: 'as it was then' }, failed: [] })
  const name = { name: 'title' }
  const one = await started({}, name, { instance: 'one', complete: now }, { instance: 'two', complete: then })
  await one.stage.publish({ missing: lost, data: {} })
  await one.clock.until(() => one.seen.length === 1)
  expect(one.seen[0]?.data).toEqual({ name: 'as it was then' })
  await one.listener.stop()
  const other = await started({}, name, { instance: 'one', complete: now }, { instance: 'two' })
  await other.stage.publish({ missing: lost, data: {} })
  await other.clock.until(() => other.seen.length === 1)
  expect(other.seen[0]?.data).toEqual({ name: 'as it is now' })
  await other.listener.stop()
})

test('what cannot be had fails the attempt, naming it, and is tried again', async () => {
  let broken = true
  const complete = () => (broken ? { values: {}, failed: lost } : { values: { title: 'at last' }, failed: [] })
  const { stage, seen, clock, listener } = await started({}, named, { complete })
  await stage.publish({ missing: lost, data: { state: 'open' } })
  await clock.until(() => listener.stats().retried === 1)
  expect(seen).toEqual([])
  expect(stage.logged.at(-1)?.details).toMatchObject({
    code: 'attribute-missing',
    message: 'The event lacks title (the loader failed)',
  })
  broken = false
  await clock.advance(1000)
  expect(seen[0]?.data).toMatchObject({ name: 'at last', state: 'open' })
  await listener.stop()
})

test('without any source to ask the attempt fails and in the end the event is parked', async () => {
  const complete = () => ({ values: { title: 'of another service' }, failed: [] })
  const { stage, clock, listener } = await started({ retry: { delaysMs: [] } }, named, { service: 'other', complete })
  await stage.publish({ data: { state: 'open' } })
  await clock.until(() => listener.stats().parked === 1)
  expect((await stage.parked())[0]?.why).toContain('source "forge" did not answer: no instance of it is announced')
  await listener.stop()
})

test("with missing: 'allow' the handler is called at once, finds null and the reasons", async () => {
  const complete = () => ({ values: { title: 'never asked' }, failed: [] })
  const { stage, seen, clock, listener, completes } = await started({ missing: 'allow' }, named, { complete })
  await stage.publish({ missing: lost, data: { state: 'open' } })
  await clock.until(() => seen.length === 1)
  expect(seen[0]).toMatchObject({ data: { name: null, state: 'open' }, missing: lost })
  expect(completes()).toEqual([])
  await listener.stop()
})

test("with missing: 'allow' what was never sent is still asked for, and null if nobody answers", async () => {
  const complete = () => ({ values: { title: 'loaded' }, failed: [] })
  const { stage, seen, clock, listener, sources } = await started({ missing: 'allow' }, named, { complete })
  await stage.publish({ data: { state: 'open' } })
  await clock.until(() => seen.length === 1)
  expect(seen[0]).toMatchObject({ data: { name: 'loaded' }, missing: [] })
  sources[0]?.kill()
  await stage.publish({ data: { state: 'open' } })
  await clock.until(() => seen.length === 2)
  expect(seen[1]).toMatchObject({ data: { name: null }, missing: [{ path: 'title', code: 'attribute-missing' }] })
  await listener.stop()
})

test('a mute source holds up the record only for askTimeoutMs, and no other record', async () => {
  const complete = () => new Promise<never>(() => undefined)
  const { stage, seen, clock, listener } = await started({ askTimeoutMs: 300 }, { name: 'title' }, { complete })
  await stage.publish({ id: 'lacking', missing: lost, data: {} })
  await stage.publish({ id: 'behind' })
  await stage.publish({ id: 'beside', subject: '8' })
  await clock.until(() => seen.length === 1)
  expect(seen[0]?.id).toBe('beside')
  await clock.advance(300)
  expect(seen.map(({ id }) => id)).toEqual(['beside', 'behind'])
  expect(listener.stats()).toMatchObject({ retried: 1 })
  await listener.stop()
})
