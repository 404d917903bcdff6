import { connect, createListener } from 'recordcast'
import { afterEach, expect, test } from 'vitest'
import { cleanups, closing, forge, gather, issue } from './forge.js'

const ends = cleanups()
afterEach(() => ends.run())

let buses = 0
/** A bus and any number of connections to it. */
function newBus() {
  const url = `memory://meeting-${++buses}`
  return async () => {
    const broker = await connect(url)
    ends.add(() => broker.close())
    return broker
  }
}

const wanted = { attributes: { title: 'title', who: 'author.login' }, where: { state: ['closed'] } } as const

async function notifier(open: ReturnType<typeof newBus>, service = 'notifier') {
  const seen = gather<{ id: string; title: string | null; who: string | null }>()
  const listener = createListener({ service, broker: await open() })
  listener.on(issue.changed, wanted, (event) => seen.add({ id: event.record, ...event.data }))
  ends.add(() => listener.stop())
  return { listener, seen }
}

test('listener first: the source reads its announcement off the board', async () => {
  const open = newBus()
  const { listener, seen } = await notifier(open)
  expect(await listener.start()).toEqual([])
  const source = forge(await open())
  ends.add(() => source.stop())
  await source.start()
  expect((await source.emit(issue.changed, closing('7'))).delivered).toEqual(['notifier'])
  expect(await seen.until(1)).toEqual([{ id: '7', title: 'It rains in', who: 'user-1' }])
})

test('source first: the listener finds it and is told that it has been taken in', async () => {
  const open = newBus()
  const source = forge(await open())
  ends.add(() => source.stop())
  await source.start()
  const { listener, seen } = await notifier(open)
  expect(await listener.start()).toMatchObject([
    { service: 'forge', answered: true, verdicts: [{ event: 'issue.changed', verdict: 'accepted', reasons: [] }] },
  ])
  await source.emit(issue.changed, closing('7'))
  expect(await seen.until(1)).toHaveLength(1)
})

test('both at the same instant, 100 times: no event after both have started is missed', async () => {
  for (let round = 0; round < 100; round++) {
    const open = newBus()
    const [source, { listener, seen }] = [forge(await open()), await notifier(open)]
    await Promise.all(round % 2 ? [source.start(), listener.start()] : [listener.start(), source.start()])
    expect((await source.emit(issue.changed, closing(`${round}`))).delivered, `round ${round}`).toEqual(['notifier'])
    await seen.until(1)
    await Promise.all([source.stop(), listener.stop()])
  }
})

test('await listener.start(), then emit at once from each of three source instances: none is missed', async () => {
  const open = newBus()
  const sources = [forge(await open()), forge(await open()), forge(await open())]
  for (const source of sources) {
    ends.add(() => source.stop())
    await source.start()
  }
  for (let round = 0; round < 50; round++) {
    const { listener, seen } = await notifier(open, `notifier-${round}`)
    await listener.start()
    const results = await Promise.all(sources.map((source, n) => source.emit(issue.changed, closing(`${n}`))))
    for (const { delivered } of results) expect(delivered).toContain(`notifier-${round}`)
    await seen.until(3)
    await listener.unsubscribe()
  }
})

test('a listener that is away while the source restarts three times gets everything when it is back', async () => {
  const open = newBus()
  const first = await notifier(open)
  await first.listener.start()
  await first.listener.stop()
  for (let life = 0; life < 3; life++) {
    const source = forge(await open())
    await source.start()
    await Promise.all(Array.from({ length: 100 }, (_, n) => source.emit(issue.changed, closing(`${life}-${n}`))))
    await source.stop()
  }
  const second = await notifier(open)
  await second.listener.start()
  const ids = (await second.seen.until(300)).map(({ id }) => id)
  expect(new Set(ids).size).toBe(300)
})

test('a listener that has unsubscribed gets nothing, and its queue is gone', async () => {
  const open = newBus()
  const source = forge(await open())
  ends.add(() => source.stop())
  await source.start()
  const { listener } = await notifier(open)
  await listener.start()
  await listener.unsubscribe()
  const broker = await open()
  expect(await broker.transport.inspect('notifier')).toBeUndefined()
  expect((await source.emit(issue.changed, closing('7'))).delivered).toEqual([])
})

test("a listener with delivery 'each' gets every event in every instance, a shared one in one of them", async () => {
  const open = newBus()
  const source = forge(await open())
  ends.add(() => source.stop())
  await source.start()
  const seen = { each: gather<string>(), shared: gather<string>() }
  for (const delivery of ['each', 'shared'] as const) {
    for (let instance = 0; instance < 3; instance++) {
      const listener = createListener({ service: `cache-${delivery}`, broker: await open(), delivery })
      listener.on(issue.changed, wanted, (event) => seen[delivery].add(`${event.record}`))
      await listener.start()
      ends.add(() => listener.stop())
    }
  }
  await Promise.all(Array.from({ length: 20 }, (_, n) => source.emit(issue.changed, closing(`${n}`))))
  expect(await seen.each.until(60)).toHaveLength(60)
  expect(new Set(await seen.shared.until(20)).size).toBe(20)
  expect(seen.shared.items).toHaveLength(20)
})

test('a fact that vanished is put back by its listener, and a source that lost its own by itself', async () => {
  const open = newBus()
  const { listener } = await notifier(open)
  await listener.start()
  const source = forge(await open())
  ends.add(() => source.stop())
  await source.start()
  const { transport } = await open()
  const back = { listeners: gather<string>(), sources: gather<string>() }
  for (const board of ['listeners', 'sources'] as const) {
    const keys: string[] = []
    const synced = gather<true>()
    const running = await transport.watch(board, (change) => {
      if (change.type === 'synced') synced.add(true)
      else if (synced.items.length === 0) keys.push(change.key)
      else if (change.type === 'fact') back[board].add(change.key)
    })
    ends.add(() => running.stop())
    await synced.until(1)
    expect(keys).toHaveLength(1)
    await transport.announce(board, keys[0]!, null)
    expect(await back[board].until(1)).toEqual(keys)
  }
})
