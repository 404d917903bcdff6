import { shelfOf } from '@recordcast/transport'
import { expect, test } from 'vitest'
import { createStage, issue, otherFact } from './testdata/stage.js'

const nothing = () => undefined
const attributes = { title: 'title' }

test('start makes the queue, announces the whole set once and stop leaves both', async () => {
  const stage = createStage()
  const listener = stage.listener()
  listener.on(issue.deleted, { attributes: [] }, nothing)
  listener.on(
    issue.changed,
    { attributes: ['title', "state!'none'"], where: { state: ['closed'] }, when: 'selected-changed' },
    nothing,
  )
  expect(await listener.start()).toEqual([])
  const [fact, ...more] = await stage.facts()
  expect(more).toEqual([])
  expect(fact).toMatchObject({
    service: 'notifier',
    listener: 'notifier',
    queue: 'notifier',
    delivery: 'shared',
    generation: 1,
  })
  expect(fact?.subscriptions).toEqual([
    {
      event: 'issue.changed',
      attributes: ['state', 'title'],
      filter: { state: ['closed'] },
      when: 'selected-changed',
      selected: ["state!'none'", 'title'],
      tenants: 'all',
    },
    { event: 'issue.deleted', attributes: [], tenants: 'all' },
  ])
  await listener.stop()
  expect(await stage.facts()).toEqual([fact])
  expect(await stage.transport.inspect('notifier')).toMatchObject({ attended: false })
  expect(stage.clock.armed).toBe(0)
})

test('the queue stands before anybody can read of it', async () => {
  const stage = createStage()
  const queues: unknown[] = []
  stage.bus.faults.crashPoint = ({ verb, when, name, transport }) => {
    if (verb === 'announce' && when === 'before' && name === 'listeners') {
      void transport.inspect('notifier').then((report) => queues.push(report))
    }
  }
  const listener = stage.listener().on(issue.changed, { attributes }, nothing)
  await listener.start()
  expect(queues).toEqual([expect.objectContaining({ attended: false })])
  await listener.stop()
})

test('start resolves with what each source on the board says', async () => {
  const stage = createStage()
  const verdicts = [{ event: 'issue.changed', verdict: 'accepted' as const, reasons: [] }]
  const forge = await stage.source({ verdict: () => ({ verdicts }) })
  const gone = await stage.source({ service: 'gone' })
  gone.kill()
  const listener = stage.listener().on(issue.changed, { attributes }, nothing)
  expect(await listener.start()).toEqual([
    { service: 'forge', instance: 'one', answered: true, verdicts },
    { service: 'gone', instance: 'one', answered: false, verdicts: [] },
  ])
  const [fact] = await stage.facts()
  expect(forge.asked).toEqual([{ v: 1, kind: 'verdict', key: `notifier/${fact?.set}`, set: fact?.set }])
  await listener.stop()
})

test('a mute source is waited for no longer than askTimeoutMs, and all are asked at once', async () => {
  const stage = createStage()
  for (const instance of ['a', 'b', 'c']) await stage.source({ instance, verdict: () => new Promise(() => undefined) })
  const listener = stage.listener({ askTimeoutMs: 700 }).on(issue.changed, { attributes }, nothing)
  const before = stage.clock.now()
  let answers: unknown
  void listener.start().then((all) => {
    answers = all
  })
  await stage.clock.advance(699)
  expect(answers).toBeUndefined()
  await stage.clock.advance(1)
  await stage.clock.until(() => answers !== undefined)
  expect(stage.clock.now() - before).toBe(700)
  expect(answers).toMatchObject([{ answered: false }, { answered: false }, { answered: false }])
  await listener.stop()
})

const reason = { code: 'unknown-attribute', message: 'There is no attribute "titel"', nearest: ['title'] }
const refusal = {
  verdicts: [{ event: 'issue.changed', verdict: 'refused' as const, reasons: [reason, { code: 'x', message: 'no' }] }],
}

test('a refusal throws every reason once, with the nearest names, and leaves nothing behind', async () => {
  const stage = createStage()
  await stage.source({ instance: 'a', verdict: () => refusal })
  await stage.source({ instance: 'b', verdict: () => refusal })
  const listener = stage.listener().on(issue.changed, { attributes }, nothing)
  const error = await listener.start().catch((thrown) => thrown)
  expect(error).toMatchObject({ code: 'subscription-refused' })
  expect(error.reasons).toHaveLength(2)
  expect(error.reasons[0]).toMatchObject({ code: 'unknown-attribute', nearest: ['title'] })
  expect(error.message).toContain('forge says of issue.changed: There is no attribute "titel"; nearest: title')
  expect(await stage.facts()).toEqual([])
  expect(await stage.transport.inspect('notifier')).toBeUndefined()
  await stage.clock.settle()
  expect(stage.clock.armed).toBe(0)
})

test('after a failed start another may succeed', async () => {
  const stage = createStage()
  let refuse = true
  await stage.source({ verdict: () => (refuse ? refusal : { verdicts: [] }) })
  const listener = stage.listener().on(issue.changed, { attributes }, nothing)
  await expect(listener.start()).rejects.toMatchObject({ code: 'subscription-refused' })
  refuse = false
  expect(await listener.start()).toMatchObject([{ answered: true }])
  expect(await stage.facts()).toHaveLength(1)
  await listener.stop()
})

test('a refusal does not take away a fact that stood before, nor a queue with messages', async () => {
  const stage = createStage()
  const first = stage.listener().on(issue.changed, { attributes }, nothing)
  await first.start()
  await first.stop()
  await stage.publish({})
  await stage.source({ verdict: () => refusal })
  const second = stage.listener().on(issue.changed, { attributes }, nothing)
  await expect(second.start()).rejects.toMatchObject({ code: 'subscription-refused' })
  expect(await stage.facts()).toHaveLength(1)
  expect(await stage.transport.inspect('notifier')).toMatchObject({ ready: 1 })
})

test('a queue that got a message while start was refused stays', async () => {
  const stage = createStage()
  const verdict = async () => {
    await stage.publish({})
    return refusal
  }
  await stage.source({ verdict })
  const listener = stage.listener().on(issue.changed, { attributes }, nothing)
  await expect(listener.start()).rejects.toMatchObject({ code: 'subscription-refused' })
  expect(await stage.transport.inspect('notifier')).toMatchObject({ ready: 1 })
})

test('a fault of the transport at any step of start undoes the steps before it', async () => {
  const steps = ['inspect', 'declare', 'watch', 'respond', 'announce', 'consume']
  for (const verb of steps) {
    const stage = createStage()
    const listener = stage.listener()
    const broken = listener.transport as unknown as Record<string, unknown>
    const real = broken[verb] as (...args: unknown[]) => unknown
    broken[verb] = async () => {
      delete broken[verb]
      throw new Error(`${verb} is broken`)
    }
    expect(real).toBeTypeOf('function')
    listener.on(issue.changed, { attributes }, nothing)
    await expect(listener.start()).rejects.toThrow(`${verb} is broken`)
    expect(await stage.facts(), verb).toEqual([])
    expect(await stage.transport.inspect('notifier'), verb).toBeUndefined()
    await stage.clock.settle()
    expect(stage.clock.armed, verb).toBe(0)
    await listener.start()
    expect(await stage.facts(), verb).toHaveLength(1)
    await listener.stop()
  }
})

test('a name that another service listens under is refused, naming it, and nothing is announced', async () => {
  const stage = createStage()
  const taken = otherFact({ service: 'a.b', listener: 'a.b', queue: 'a.b' })
  await stage.transport.declare('a.b')
  await stage.announce(taken)
  const listener = stage.listener({ service: 'a', name: 'b' }).on(issue.changed, { attributes }, nothing)
  const error = await listener.start().catch((thrown) => thrown)
  expect(error).toMatchObject({ code: 'listener-name-taken', found: 'a.b' })
  expect(error.message).toContain('service "a.b"')
  expect(await stage.facts()).toEqual([taken])
  await expect(listener.unsubscribe()).rejects.toMatchObject({ code: 'listener-name-taken' })
  expect(await stage.transport.inspect('a.b')).toBeDefined()
})

test('a listener without handlers, or started already, is not started', async () => {
  const listener = createStage().listener()
  await expect(listener.start()).rejects.toMatchObject({ code: 'no-handlers' })
  listener.on(issue.changed, { attributes }, nothing)
  const starting = listener.start()
  await expect(listener.start()).rejects.toMatchObject({ code: 'already-started' })
  await starting
  await expect(listener.start()).rejects.toMatchObject({ code: 'already-started' })
  expect(() => listener.on(issue.deleted, { attributes: [] }, nothing)).toThrow(
    expect.objectContaining({ code: 'already-started' }),
  )
  await listener.stop()
})

test('a listener that was stopped can be started again, with more handlers', async () => {
  const stage = createStage()
  const listener = stage.listener().on(issue.changed, { attributes }, nothing)
  await listener.start()
  const stopping = listener.stop()
  await stopping
  listener.on(issue.deleted, { attributes: [] }, nothing)
  await listener.start()
  const generations = (await stage.facts()).map(({ generation }) => generation)
  expect(generations).toEqual([1, 2])
  await listener.stop()
})

test('a set too large for the board is told to the caller', async () => {
  const stage = createStage()
  const long = Object.fromEntries(Array.from({ length: 200 }, (_, i) => [`a${i}`, `${'x'.repeat(400)}${i}`]))
  const listener = stage.listener().on(issue.changed, { attributes: long }, nothing)
  await expect(listener.start()).rejects.toMatchObject({ code: 'announcement-too-large' })
  expect(await stage.transport.inspect('notifier')).toBeUndefined()
})

test('a poisoned fact on the own queue stops nobody', async () => {
  const stage = createStage()
  await stage.announceRaw('notifier/poison', '{"__proto__":')
  const listener = stage.listener().on(issue.changed, { attributes }, nothing)
  await listener.start()
  expect(stage.logged.some(({ message }) => message.includes('set aside'))).toBe(true)
  await stage.clock.advance(10_000)
  await listener.stop()
})

test('the shelf is not made before something is parked', async () => {
  const stage = createStage()
  const listener = stage.listener().on(issue.changed, { attributes }, nothing)
  await listener.start()
  expect(await stage.transport.inspect(shelfOf('notifier'))).toBeUndefined()
  await listener.stop()
})

test('a start that is refused leaves the queue to a release that subscribed meanwhile and is away again', async () => {
  const stage = createStage()
  let refuse = (): void => undefined
  let asked = 0
  const later = new Promise<typeof refusal>((resolve) => {
    refuse = () => resolve(refusal)
  })
  await stage.source({ verdict: () => (++asked === 1 ? later : { verdicts: [] }) })
  const wrong = stage.listener().on(issue.changed, { attributes: ['state'] }, nothing)
  const outcome = wrong.start().catch((error: unknown) => error)
  await stage.clock.until(() => asked === 1)
  const right = stage.listener().on(issue.changed, { attributes: ['title'] }, nothing)
  await right.start()
  await right.stop()
  refuse()
  expect(await outcome).toMatchObject({ code: 'subscription-refused' })
  expect((await stage.facts()).map(({ subscriptions }) => subscriptions[0]?.attributes)).toEqual([['title']])
  expect(await stage.transport.inspect('notifier')).toMatchObject({ ready: 0, attended: false })
})

test('a start that fails leaves the fact to an instance beside it, which found it standing', async () => {
  const stage = createStage()
  let asked = 0
  await stage.source({ verdict: () => (++asked === 1 ? new Promise(() => undefined) : { verdicts: [] }) })
  const failing = stage.listener({ askTimeoutMs: 1000 })
  failing.on(issue.changed, { attributes }, nothing)
  const outcome = failing.start().catch((error: unknown) => error)
  await stage.clock.until(() => asked === 1)
  const beside = stage.listener().on(issue.changed, { attributes }, nothing)
  await beside.start()
  const announced: string[] = []
  stage.bus.faults.crashPoint = ({ transport, verb, when, name }) => {
    if (verb === 'announce' && when === 'before') announced.push(name)
    if (verb !== 'consume' || when !== 'before' || transport !== failing.transport) return
    void Promise.resolve().then(() => stage.bus.restart())
  }
  await stage.clock.advance(10_000)
  expect(await outcome).toBeInstanceOf(Error)
  expect(announced).toEqual([])
  expect(await stage.facts()).toHaveLength(1)
  stage.bus.faults.crashPoint = undefined
  await beside.stop()
})

test('a fact that is taken away while sources are asked stands again before the start resolves, and they are asked again', async () => {
  const stage = createStage()
  const answers: (() => void)[] = []
  const verdict = () => new Promise<{ verdicts: [] }>((resolve) => answers.push(() => resolve({ verdicts: [] })))
  const source = await stage.source({ verdict })
  const listener = stage.listener().on(issue.changed, { attributes }, nothing)
  const started = listener.start()
  await stage.clock.until(() => answers.length === 1)
  const [fact] = await stage.facts()
  if (fact === undefined) throw new Error('nothing was announced')
  await stage.withdraw(fact)
  await stage.clock.settle()
  answers[0]?.()
  await stage.clock.until(() => answers.length === 2)
  expect(await stage.facts()).toHaveLength(1)
  answers[1]?.()
  await started
  expect(source.asked).toHaveLength(2)
  await listener.stop()
})
