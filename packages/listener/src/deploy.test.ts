import { digestOf } from '@recordcast/protocol/language'
import type { WireEvent } from '@recordcast/protocol/wire'
import { answerAt } from '@recordcast/registry'
import type { Transport } from '@recordcast/transport'
import { createMemoryTransport } from '@recordcast/transport-memory'
import { expect, test } from 'vitest'
import type { ListenerEvent } from './handler.js'
import { createStage, issue, otherFact } from './testdata/stage.js'

type Stage = ReturnType<typeof createStage>

/** An instance of a release, which notes what it handles. */
async function release(stage: Stage, attributes: string[], where?: Record<string, string[]>) {
  const seen: ListenerEvent<unknown>[] = []
  const listener = stage.listener()
  const options = { attributes: attributes as readonly string[], ...(where && { where }) }
  listener.on(issue.changed, options as { attributes: ['title'] }, (event) => void seen.push(event))
  await listener.start()
  const facts = await stage.facts()
  return {
    listener,
    seen,
    fact: facts.find(
      (fact) => fact.set !== 'other' && fact.subscriptions?.[0]?.attributes.join() === attributes.join(),
    )!,
  }
}

test('a new release has the next generation; the same release again keeps its own and announces nothing', async () => {
  const stage = createStage()
  const v1 = await release(stage, ['title'])
  const v2 = await release(stage, ['state'])
  expect([v1.fact.generation, v2.fact.generation]).toEqual([1, 2])
  const announced: string[] = []
  stage.bus.faults.crashPoint = ({ verb, when, name }) =>
    void (verb === 'announce' && when === 'before' && announced.push(name))
  const again = await release(stage, ['title'])
  expect(again.fact).toEqual(v1.fact)
  expect(announced).toEqual([])
  stage.bus.faults.crashPoint = undefined
  await Promise.all([v1, v2, again].map(({ listener }) => listener.stop()))
})

test('events wanted by one release reach it through whichever instance takes them, uncounted', async () => {
  const stage = createStage()
  const v1 = await release(stage, ['title'])
  const v2 = await release(stage, ['state'])
  const wanted = v1.fact.set
  for (let i = 0; i < 20; i++)
    await stage.publish({ id: `w${i}`, subject: `${i}`, data: { title: 'T', state: 's' } }, { wanted })
  await stage.clock.advance(30_000)
  expect(v1.seen).toHaveLength(20)
  expect(v2.seen).toEqual([])
  expect(v2.listener.stats().returned).toBeGreaterThan(0)
  expect(v1.listener.stats()).toMatchObject({ handled: 20, failed: 0 })
  await Promise.all([v1.listener.stop(), v2.listener.stop()])
})

/** A transport whose watchers see nothing more from `hold` on, until `free`; those that come later see what stands. */
function slowToHear(transport: Transport) {
  let held: (() => void)[] | undefined
  const watch: Transport['watch'] = (board, see, options) => {
    const early = held === undefined
    return transport.watch(
      board,
      (change) => (early && held ? void held.push(() => see(change)) : see(change)),
      options,
    )
  }
  const bound = (name: string | symbol): unknown => {
    const value: unknown = Reflect.get(transport, name)
    return typeof value === 'function' ? value.bind(transport) : value
  }
  const slow = new Proxy(transport, { get: (_, name) => (name === 'watch' ? watch : bound(name)) })
  const hold = (): void => {
    held = []
  }
  const free = (): void => {
    for (const see of held?.splice(0) ?? []) see()
    held = undefined
  }
  return { transport: slow, hold, free }
}

test.each<[string, string[], Record<string, string[]> | undefined, Partial<WireEvent>]>([
  ['its filter declines', ['title'], { state: ['open'] }, {}],
  ['is of a type that it does not handle', ['title'], undefined, { type: 'issue.deleted' }],
  ['its own set would take too', ['title'], undefined, {}],
])(
  'an event that %s is kept for a release of which the instance has not heard yet',
  async (_, attributes, where, event) => {
    const stage = createStage()
    await stage.source({ complete: () => ({ values: {}, failed: [], filter: { state: 'closed' } }) })
    const { transport, hold, free } = slowToHear(createMemoryTransport({ bus: stage.bus }))
    const seen: string[] = []
    const v1 = stage.listener({ broker: stage.brokerOn(transport) })
    const options = { attributes: attributes as readonly string[], ...(where && { where }) }
    v1.on(issue.changed, options as { attributes: ['title'] }, ({ id }) => void seen.push(id))
    await v1.start()
    hold()
    const newer = otherFact({
      set: 'newer',
      subscriptions: [
        { event: 'issue.changed', attributes: ['state'], tenants: 'all' },
        { event: 'issue.deleted', attributes: ['state'], tenants: 'all' },
      ],
    })
    await answerAt(stage.transport, newer.address, async () => ({ v: 1, kind: 'alive', instance: 'x' }))
    await stage.announce(newer)
    for (let n = 0; n < 5; n++)
      await stage.publish({ ...event, subject: `${n}`, data: { title: 'T', state: 'closed' } }, { wanted: 'newer' })
    await stage.clock.advance(10_000)
    expect(v1.stats()).toMatchObject({ suppressed: 0, handled: 0, failed: 0 })
    expect(v1.stats().returned).toBeGreaterThanOrEqual(5)
    await stage.withdraw(newer)
    free()
    await stage.clock.advance(10_000)
    expect(v1.stats().suppressed + seen.length).toBe(5)
    await v1.stop()
  },
)

test('a type that only the other release handles is put back for it', async () => {
  const stage = createStage()
  const v1 = await release(stage, ['title'])
  await stage.announce(otherFact({ subscriptions: [{ event: 'issue.deleted', attributes: [], tenants: 'all' }] }))
  await stage.clock.settle()
  await stage.publish({ type: 'issue.deleted' })
  await stage.clock.until(() => v1.listener.stats().returned === 1)
  const { armed } = stage.clock
  expect(armed).toBeGreaterThan(0)
  await stage.clock.advance(20_000)
  expect(v1.listener.stats().suppressed).toBe(1)
  await v1.listener.stop()
})

test('a release whose instances are gone is asked twice, ten seconds apart, and then taken off the board', async () => {
  const stage = createStage()
  const v1 = await release(stage, ['title'])
  v1.listener.kill()
  const v2 = await release(stage, ['state'])
  await stage.clock.advance(9_999)
  expect(await stage.facts()).toHaveLength(2)
  await stage.clock.advance(1)
  expect(await stage.facts()).toEqual([v2.fact])
  await stage.clock.advance(10_000)
  expect(stage.clock.armed).toBe(0)
  await v2.listener.stop()
})

test('a release that lives, or whose answer is late, stays', async () => {
  const stage = createStage()
  const v1 = await release(stage, ['title'])
  const late = otherFact()
  await stage.announce(late)
  await stage.transport.respond(late.address, () => new Promise(() => undefined))
  const v2 = await release(stage, ['state'])
  await stage.clock.advance(60_000)
  expect((await stage.facts()).map(({ set }) => set).sort()).toEqual([v1.fact.set, v2.fact.set, late.set].sort())
  await stage.withdraw(late)
  const stopping = [v1.listener.stop(), v2.listener.stop()]
  await stage.clock.advance(5000)
  await Promise.all(stopping)
})

test('when the last instance of a release stops while another lives, its fact goes with it; before, it stays', async () => {
  const stage = createStage()
  const one = await release(stage, ['title'])
  const two = await release(stage, ['title'])
  const v2 = await release(stage, ['state'])
  await one.listener.stop()
  expect(await stage.facts()).toHaveLength(2)
  await two.listener.stop()
  expect(await stage.facts()).toEqual([v2.fact])
  await v2.listener.stop()
  expect(await stage.facts()).toEqual([v2.fact])
})

test('the last release keeps its fact although one that is dead still stands', async () => {
  const stage = createStage()
  await stage.announce(otherFact())
  const v2 = await release(stage, ['title'])
  await v2.listener.stop()
  expect((await stage.facts()).map(({ set }) => set)).toContain(v2.fact.set)
})

test('events left over from a release that is gone are completed and filtered again, not lost', async () => {
  const stage = createStage()
  const source = await stage.source({
    complete: ({ subject, attributes }) => ({
      values: Object.fromEntries(attributes.map((atom) => [atom, `late ${atom}`])),
      filter: { state: subject },
      failed: [],
    }),
  })
  const v1 = await release(stage, ['title'])
  await v1.listener.stop()
  const projection = digestOf(['title'])
  await stage.publish({ id: 'fits', subject: 'closed', projection })
  await stage.publish({ id: 'fits not', subject: 'open', projection })
  await stage.publish({ id: 'header', subject: 'closed', projection }, { wanted: v1.fact.set })
  const v2 = await release(stage, ['author.login', 'title'], { state: ['closed'] })
  await stage.clock.advance(20_000)
  expect(v2.seen.map(({ id, data }) => [id, data]).sort()).toEqual([
    ['fits', { 'author.login': 'late author.login', title: 'T' }],
    ['header', { 'author.login': 'late author.login', title: 'T' }],
  ])
  expect(v2.listener.stats()).toMatchObject({ suppressed: 1, failed: 0 })
  expect(source.asked.some(({ kind }) => kind === 'complete')).toBe(true)
  await v2.listener.stop()
})

test('a fact that cannot be read is a release that may want anything, until nobody answers for it', async () => {
  const stage = createStage()
  await stage.announceRaw('notifier/newer', '{"v":2,"kind":"listener"}')
  const v1 = await release(stage, ['title'])
  await stage.publish({ type: 'issue.deleted' })
  await stage.clock.until(() => v1.listener.stats().returned === 1)
  await stage.clock.advance(20_000)
  expect(v1.listener.stats().suppressed).toBe(1)
  await v1.listener.stop()
})

test('asked whether it is alive, an instance looks after its queue first', async () => {
  const stage = createStage()
  const v1 = await release(stage, ['title'])
  await stage.transport.drop('notifier')
  const body = new TextEncoder().encode('{"v":1,"kind":"alive"}')
  const reply = await stage.transport.request(v1.fact.address, { id: 'x', body, headers: {} }, { timeoutMs: 1000 })
  expect(JSON.parse(new TextDecoder().decode(reply.body))).toEqual({
    v: 1,
    kind: 'alive',
    instance: expect.stringMatching(/^[\w-]{22}$/),
    started: true,
  })
  await stage.publish({ id: 'after' })
  await stage.clock.until(() => v1.seen.length === 1)
  const odd = new TextEncoder().encode('{"v":1,"kind":"verdict","key":"k","set":"s"}')
  const refusal = await stage.transport.request(
    v1.fact.address,
    { id: 'x', body: odd, headers: {} },
    { timeoutMs: 1000 },
  )
  expect(new TextDecoder().decode(refusal.body)).toContain('A listener does not answer')
  await v1.listener.stop()
})

test('one release that lives is enough to hand over to, although another is dead', async () => {
  const stage = createStage()
  const v1 = await release(stage, ['title'])
  await stage.announce(otherFact())
  const v3 = await release(stage, ['author.login'])
  await v1.listener.stop()
  expect((await stage.facts()).map(({ set }) => set).sort()).toEqual(['other', v3.fact.set].sort())
  await v3.listener.stop()
})

test('a second instance puts the fact back with the generation that it had', async () => {
  const stage = createStage()
  const v1 = await release(stage, ['title'])
  const v2 = await release(stage, ['state'])
  const again = await release(stage, ['title'])
  v1.listener.kill()
  await stage.withdraw(v1.fact)
  await stage.clock.settle()
  expect((await stage.facts()).find(({ set }) => set === v1.fact.set)).toEqual(v1.fact)
  await Promise.all([v2.listener.stop(), again.listener.stop()])
})

test('an event that no release wants once its filter can be decided goes, and does not go to and fro', async () => {
  const stage = createStage()
  const view = { state: 'merged' }
  const source = await stage.source({ complete: () => ({ values: {}, failed: [], filter: view }) })
  const v1 = await release(stage, ['title'], { state: ['open'] })
  const v2 = await release(stage, ['state'], { state: ['closed'] })
  const missing = [{ path: '$filter', code: 'loader-failed', message: '' }]
  await stage.publish({ id: 'nobody', missing, data: { title: 'T', state: 's' } })
  await stage.clock.advance(60_000)
  expect(v1.seen.length + v2.seen.length).toBe(0)
  expect(v1.listener.stats().suppressed + v2.listener.stats().suppressed).toBe(1)
  expect(source.asked.filter(({ kind }) => kind === 'complete').length).toBeLessThanOrEqual(2)
  view.state = 'closed'
  for (let i = 0; i < 10; i++)
    await stage.publish({ id: `two${i}`, subject: `${i}`, missing, data: { title: 'T', state: 's' } })
  await stage.clock.advance(60_000)
  expect([v1.seen.length, v2.seen.length]).toEqual([0, 10])
  await Promise.all([v1.listener.stop(), v2.listener.stop()])
})
