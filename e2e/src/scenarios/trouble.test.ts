import { replayParked } from '@recordcast/transport/replay'
import { connect, createListener } from 'recordcast'
import { afterEach, expect, test } from 'vitest'
import { cleanups, closing, forge, gather, issue } from './forge.js'

const ends = cleanups()
afterEach(() => ends.run())

let buses = 0
async function rig(options: Parameters<typeof forge>[1] = {}) {
  const url = `memory://trouble-${++buses}`
  const open = async () => {
    const broker = await connect(url)
    ends.add(() => broker.close())
    return broker
  }
  const source = forge(await open(), options)
  ends.add(() => source.stop())
  await source.start()
  return { open, source }
}

const soon = { delaysMs: [1, 1], jitter: 0 }

test('a handler that fails is tried again, then parked with error, stack, attempts and first failure; replay hands it over once', async () => {
  const { open, source } = await rig()
  const broker = await open()
  const attempts: number[] = []
  const handled = gather<string>()
  let broken = true
  const listener = createListener({ service: 'picky', broker, retry: soon })
  listener.on(issue.changed, { attributes: ['title'] }, (event, { attempt }) => {
    attempts.push(attempt)
    if (broken) throw new Error(`cannot, attempt ${attempt}`)
    handled.add(event.id)
  })
  await listener.start()
  ends.add(() => listener.stop())
  await source.emit(issue.changed, closing('7'), { id: 'e1' })
  const parked = async () => {
    for (;;) {
      const report = await broker.transport.inspect('picky', { peekParked: 5 })
      if (report?.parked === 1) return report.peeked[0]!
      await new Promise((resolve) => broker.clock.defer(() => resolve(undefined)))
    }
  }
  const { message, why, attempt } = await parked()
  expect(attempts).toEqual([1, 2, 3])
  expect(attempt).toBe(3)
  expect(why).toContain('cannot, attempt 3')
  expect(message.headers).toMatchObject({ attempts: '3', 'first-error': expect.stringContaining('cannot, attempt 1') })
  expect(message.headers['error-stack']).toContain('trouble.test')
  expect(Date.parse(message.headers['first-failed-at']!)).not.toBeNaN()

  broken = false
  expect(await replayParked(broker.transport, 'picky')).toMatchObject({ replayed: 1 })
  expect(await handled.until(1)).toEqual(['e1'])
  expect(attempts.at(-1)).toBe(1)
  expect(await replayParked(broker.transport, 'picky')).toMatchObject({ replayed: 0 })
})

test('an attribute that failed to load is asked for again before the handler runs', async () => {
  let failures = 1
  const { open, source } = await rig({
    beforeLoad: () => {
      if (failures-- > 0) throw new Error('database away')
    },
  })
  const seen = gather<unknown>()
  const listener = createListener({ service: 'patient', broker: await open() })
  listener.on(issue.changed, { attributes: { who: 'author.login' } }, ({ data, missing }) =>
    seen.add({ data, missing }),
  )
  await listener.start()
  ends.add(() => listener.stop())
  await source.emit(issue.changed, closing('7'))
  expect(await seen.until(1)).toEqual([{ data: { who: 'user-1' }, missing: [] }])
})

test("one that stays away fails the attempt, or with missing: 'allow' comes as null with the reason", async () => {
  const { open, source } = await rig({
    beforeLoad: () => {
      throw new Error('database away')
    },
  })
  const seen = gather<unknown>()
  const broker = await open()
  const patient = createListener({ service: 'strict', broker, retry: soon })
  patient.on(issue.changed, { attributes: { who: 'author.login' } }, () => seen.add('never'))
  const relaxed = createListener({ service: 'relaxed', broker, missing: 'allow' })
  relaxed.on(issue.changed, { attributes: { title: 'title', who: 'author.login' } }, ({ data, missing }) =>
    seen.add({ data, missing }),
  )
  for (const listener of [patient, relaxed]) {
    await listener.start()
    ends.add(() => listener.stop())
  }
  await source.emit(issue.changed, closing('7'))
  expect(await seen.until(1)).toEqual([
    {
      data: { title: 'It rains in', who: null },
      missing: [{ path: 'author.login', code: 'loader-failed', message: expect.stringContaining('database away') }],
    },
  ])
  while ((await broker.transport.inspect('strict'))?.parked !== 1) {
    await new Promise((resolve) => broker.clock.defer(() => resolve(undefined)))
  }
  expect(patient.stats()).toMatchObject({ handled: 0, failed: 3, retried: 2, parked: 1 })
})

test('a filter whose link failed is decided by the listener once the link is there', async () => {
  let failures = 1
  const { open, source } = await rig({
    beforeLoad: () => {
      if (failures-- > 0) throw new Error('database away')
    },
  })
  const seen = gather<string>()
  const broker = await open()
  for (const [service, login] of [
    ['for-user-1', 'user-1'],
    ['for-user-2', 'user-2'],
  ] as const) {
    const listener = createListener({ service, broker })
    listener.on(issue.changed, { attributes: ['title'], where: { author: { login: [login] } } }, () =>
      seen.add(service),
    )
    await listener.start()
    ends.add(() => listener.stop())
  }
  expect((await source.emit(issue.changed, closing('7'))).delivered).toEqual(['for-user-1', 'for-user-2'])
  expect(await seen.until(1)).toEqual(['for-user-1'])
  while (
    (await broker.transport.inspect('for-user-2'))?.ready ||
    (await broker.transport.inspect('for-user-2'))?.unsettled
  ) {
    await new Promise((resolve) => broker.clock.defer(() => resolve(undefined)))
  }
  expect(seen.items).toEqual(['for-user-1'])
})

test('the same event emitted twice under its id is handled once', async () => {
  const { open, source } = await rig()
  const seen = gather<string>()
  const listener = createListener({ service: 'once', broker: await open() })
  listener.on(issue.changed, { attributes: ['title'] }, (event) => seen.add(event.id))
  await listener.start()
  ends.add(() => listener.stop())
  await source.emit(issue.changed, closing('7'), { id: 'e1' })
  await source.emit(issue.changed, closing('7'), { id: 'e1' })
  await source.emit(issue.changed, closing('7'), { id: 'e2' })
  expect(await seen.until(2)).toEqual(['e1', 'e2'])
  expect(listener.stats().duplicates).toBe(1)
})

test('a rolling deploy: no event lacks what its handler asked for, none is handled by a set that does not want it', async () => {
  const { open, source } = await rig()
  const seen = gather<{ by: string; id: string; data: Record<string, unknown> }>()
  const v1 = createListener({ service: 'roll', broker: await open() })
  v1.on(issue.changed, { attributes: ['title'], where: { state: ['closed'] } }, (event) =>
    seen.add({ by: 'v1', id: event.record, data: event.data }),
  )
  const v2 = createListener({ service: 'roll', broker: await open() })
  v2.on(issue.changed, { attributes: ['author.login', 'title'], where: { title: [{ prefix: 'It' }] } }, (event) =>
    seen.add({ by: 'v2', id: event.record, data: event.data }),
  )
  await v1.start()
  for (const id of ['before-1', 'before-2']) await source.emit(issue.changed, closing(id))
  await v2.start()
  ends.add(() => v2.stop())
  const emits = Array.from({ length: 60 }, (_, n) =>
    source.emit(issue.changed, closing(`${n}`, n % 3 === 0 ? 'It rains in' : 'Other')),
  )
  const reopened = Array.from({ length: 30 }, (_, n) => {
    const { before, after } = closing(`open-${n}`)
    return source.emit(issue.changed, { id: `open-${n}`, before: after, after: before })
  })
  await Promise.all([...emits, ...reopened])
  const all = await seen.until(92)
  expect(new Set(all.map(({ id }) => id)).size).toBe(92)
  for (const { by, id, data } of all) {
    if (by === 'v1') expect(id).not.toMatch(/^open-/)
    else expect(data['author.login']).toBe('user-1')
    if (data.title === 'Other') expect(by).toBe('v1')
  }
  await v1.stop()
  await source.emit(issue.changed, closing('after'))
  expect((await seen.until(93)).at(-1)).toMatchObject({ by: 'v2', id: 'after' })
})
