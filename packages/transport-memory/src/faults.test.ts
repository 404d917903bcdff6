import type { Change, Transport } from '@recordcast/transport'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type CrashPoint, createMemoryBus, createMemoryTransport, type MemoryBus } from './index.js'
import { seeded, type VirtualClock, virtualClock } from './testdata/virtual-clock.js'

const message = (id: string) => ({ id, body: new TextEncoder().encode(id), headers: {} })

let clock: VirtualClock
let bus: MemoryBus
let one: Transport
let other: Transport
beforeEach(() => {
  clock = virtualClock()
  bus = createMemoryBus({ clock, random: seeded(1) })
  one = createMemoryTransport({ bus })
  other = createMemoryTransport({ bus })
})
afterEach(async () => {
  for (const name of Object.keys(bus.faults)) Object.assign(bus.faults, { [name]: undefined })
  await run(Promise.all([one.close(), other.close()]), 60_000)
  expect(clock.armed(), 'timers left behind').toBe(0)
})

/** What a promise comes to within a time, or 'pending'. */
async function run<T>(promise: Promise<T>, ms = 0): Promise<T | 'pending'> {
  let outcome: { value: T } | { error: unknown } | undefined
  promise.then(
    (value) => (outcome = { value }),
    (error) => (outcome = { error }),
  )
  await clock.run(ms)
  if (outcome === undefined) return 'pending'
  if ('error' in outcome) throw outcome.error
  return outcome.value
}
const codeOf = (promise: Promise<unknown>, ms = 0): Promise<unknown> =>
  run(promise, ms).catch((error: { code: string }) => error.code)

async function watched(transport: Transport): Promise<string[]> {
  const seen: string[] = []
  const see = (change: Change): void => {
    if (change.type === 'synced') seen.push('synced')
    else seen.push(`${change.key}=${change.type === 'fact' ? change.fact.id : 'gone'}`)
  }
  await run(transport.watch('board', see))
  return seen
}

test('a refused publish is reported and not stored, an unconfirmed one is reported and stored', async () => {
  await run(one.declare('queue'))
  bus.faults.publish = (_queue, { id }) => (id === 'no' ? 'refuse' : id === 'maybe' ? 'unconfirmed' : undefined)
  const reports = await run(Promise.all(['no', 'maybe', 'yes'].map((id) => one.publish(['queue'], message(id)))))
  if (reports === 'pending') throw new Error('nothing was reported')
  expect(reports.map(({ failed }) => failed[0]?.error.code)).toEqual(['not-confirmed', 'not-confirmed', undefined])
  expect(await run(one.inspect('queue'))).toMatchObject({ ready: 2 })
})

test('a late confirm comes late, and close waits for it', async () => {
  await run(one.declare('queue'))
  bus.faults.publish = () => ({ confirmAfterMs: 500 })
  const report = one.publish(['queue'], message('m'))
  const closed = one.close()
  expect(await run(report, 499)).toBe('pending')
  expect(await run(closed)).toBe('pending')
  expect(await run(other.inspect('queue'))).toMatchObject({ ready: 1 })
  expect(await run(report, 1)).toEqual({ gone: [], failed: [] })
  expect(await run(closed)).toBeUndefined()
})

test('a duplicated delivery comes twice, the second time redelivered', async () => {
  bus.faults.delivery = () => 'duplicate'
  const came: unknown[] = []
  const handle = async (delivery: { message: { id: string }; redelivered: boolean; attempt: number }) => {
    came.push([delivery.message.id, delivery.redelivered, delivery.attempt])
    return { do: 'ack' } as const
  }
  await run(one.consume('queue', { concurrency: 1 }, handle))
  await run(one.publish(['queue'], message('m')))
  expect(came).toEqual([
    ['m', false, 1],
    ['m', true, 1],
  ])
})

test('a lost verdict has the message delivered again, uncounted', async () => {
  let lose = true
  bus.faults.verdict = () => {
    const fate = lose ? 'lost' : undefined
    lose = false
    return fate
  }
  const came: unknown[] = []
  await run(
    one.consume('queue', { concurrency: 1 }, async ({ attempt, redelivered }) => {
      came.push([attempt, redelivered])
      return { do: 'ack' }
    }),
  )
  await run(one.publish(['queue'], message('m')))
  expect(came).toEqual([
    [1, false],
    [1, true],
  ])
})

test('a dropped change comes a second later, as the state of then', async () => {
  const seen = await watched(one)
  bus.faults.change = (_board, key) => (key === 'a' ? 'drop' : undefined)
  await run(other.announce('board', 'a', message('a1')))
  await run(other.announce('board', 'b', message('b1')))
  await run(other.announce('board', 'a', message('a2')))
  expect(seen).toEqual(['synced', 'b=b1'])
  await clock.run(1000)
  expect(seen).toEqual(['synced', 'b=b1', 'a=a2', 'a=a2'])
})

test('a delayed change never overtakes the last state of its key', async () => {
  const seen = await watched(one)
  let delay = true
  bus.faults.change = () => (delay ? { delayMs: 100 } : undefined)
  await run(other.announce('board', 'a', message('a1')))
  delay = false
  await run(other.announce('board', 'a', null))
  await clock.run(100)
  expect(seen).toEqual(['synced', 'a=gone', 'a=gone'])
})

test('a duplicated change comes twice, a reordered one is overtaken', async () => {
  const seen = await watched(one)
  bus.faults.change = (_board, key) => (key === 'twice' ? 'duplicate' : key === 'late' ? 'reorder' : undefined)
  for (const key of ['late', 'twice', 'plain']) await run(other.announce('board', key, message(key)))
  await clock.run(50)
  expect(seen).toEqual(['synced', 'twice=twice', 'twice=twice', 'plain=plain', 'late=late'])
})

test('a stopped watcher leaves no held change behind', async () => {
  const running = await run(one.watch('board', () => {}))
  bus.faults.change = () => 'drop'
  await run(other.announce('board', 'a', message('a')))
  expect(clock.armed()).toBe(1)
  if (running !== 'pending') await running.stop()
  expect(clock.armed()).toBe(0)
})

test('a dropped question or answer shows as request-timeout, a duplicated one is heard twice and answered once', async () => {
  let heard = 0
  await run(
    one.respond('address', async ({ id }) => {
      heard++
      return message(`re ${id}`)
    }),
  )
  const ask = (): Promise<unknown> => codeOf(other.request('address', message('q'), { timeoutMs: 300 }), 300)
  bus.faults.request = (_address, leg) => (leg === 'question' ? 'drop' : undefined)
  expect(await ask()).toBe('request-timeout')
  expect(heard).toBe(0)
  bus.faults.request = (_address, leg) => (leg === 'answer' ? 'drop' : undefined)
  expect(await ask()).toBe('request-timeout')
  expect(heard).toBe(1)
  bus.faults.request = () => 'duplicate'
  expect(await ask()).toMatchObject({ id: 're q' })
  expect(heard).toBe(3)
  bus.faults.request = () => ({ delayMs: 100 })
  expect(await ask()).toMatchObject({ id: 're q' })
})

test('a killed party hears nothing more: what it awaits never settles, what it says is ignored', async () => {
  await run(other.declare('queue'))
  const settled: string[] = []
  const note = (name: string, promise: Promise<unknown>): void => {
    const settle = (): void => void settled.push(name)
    promise.then(settle, settle)
  }
  let acknowledge = (): void => {}
  const aborted: boolean[] = []
  const handled = new Promise<void>((resolve) => {
    acknowledge = resolve
  })
  await run(
    one.consume('queue', { concurrency: 1 }, async ({ signal }) => {
      signal.addEventListener('abort', () => aborted.push(signal.aborted))
      await handled
      return { do: 'ack' }
    }),
  )
  await run(other.respond('address', () => new Promise(() => {})))
  await run(one.respond('mine', async () => message('mine')))
  await run(one.declare('own', { lifetime: 'instance' }))
  const seen = await watched(one)
  await run(other.publish(['queue'], message('m')))
  note('request', one.request('address', message('q'), { timeoutMs: 1000 }))
  await clock.run(0)
  note('publish', one.publish(['queue'], message('lost')))
  bus.kill(one)
  note('after', one.publish(['queue'], message('never')))
  acknowledge()
  expect(aborted).toEqual([true])
  const came: unknown[] = []
  await run(
    other.consume('queue', { concurrency: 1 }, async ({ message: { id }, redelivered, attempt }) => {
      came.push([id, redelivered, attempt])
      return { do: 'ack' }
    }),
  )
  await run(other.announce('board', 'key', message('fact')))
  await clock.run(5000)
  expect(came).toEqual([['m', true, 1]])
  expect(seen).toEqual(['synced'])
  expect(settled).toEqual([])
  expect(await run(other.publish(['own'], message('m')))).toMatchObject({ gone: ['own'] })
  expect(await codeOf(other.request('mine', message('q'), { timeoutMs: 1000 }))).toBe('nobody-there')
  expect(await run(one.close())).toBeUndefined()
})

test('unsettled messages of a killed party come first and in their order', async () => {
  await run(other.declare('queue'))
  for (const id of ['1', '2', '3', '4', '5']) await run(other.publish(['queue'], message(id)))
  await run(one.consume('queue', { concurrency: 3 }, () => new Promise(() => {})))
  bus.kill(one)
  const came: string[] = []
  await run(
    other.consume('queue', { concurrency: 1 }, async ({ message: { id } }) => {
      came.push(id)
      return { do: 'ack' }
    }),
  )
  await clock.run(0)
  expect(came).toEqual(['1', '2', '3', '4', '5'])
})

test('crash points surround every call, delivery and verdict, and a party can be killed at each', async () => {
  const points: string[] = []
  const survivors: string[] = []
  for (let victim = 0; ; victim++) {
    const party = createMemoryTransport({ bus })
    let count = 0
    let killed = ''
    bus.faults.crashPoint = ({ transport, verb, when }: CrashPoint) => {
      if (transport !== party) return
      if (count++ !== victim) return
      killed = `${verb} ${when}`
      bus.kill(party)
    }
    const queue = `queue-${victim}`
    const life = (async () => {
      await party.declare(queue)
      await party.announce('facts', queue, message('fact'))
      const running = await party.consume(queue, { concurrency: 1 }, async () => ({ do: 'ack' }))
      const report = await party.publish([queue], message('m'))
      if (report.failed.length > 0) throw new Error('failed')
      await party.request('nobody', message('q'), { timeoutMs: 10 }).catch(() => {})
      await running.stop()
      await party.close()
      survivors.push(killed)
    })()
    await run(life, 1000)
    bus.faults.crashPoint = undefined
    if (killed === '') break
    points.push(killed)
    await run(party.close())
  }
  for (const verb of ['declare', 'announce', 'consume', 'publish', 'request', 'deliver', 'verdict', 'stop', 'close'])
    expect(points).toEqual(expect.arrayContaining([`${verb} before`, `${verb} after`]))
  expect(survivors, 'only the one that was left alone lived on').toEqual([''])
})

test('killed before publish nothing is stored, killed after it the message is', async () => {
  await run(other.declare('queue'))
  for (const [when, ready] of [
    ['before', 0],
    ['after', 1],
  ] as const) {
    const party = createMemoryTransport({ bus })
    bus.faults.crashPoint = (point) => {
      if (point.transport === party && point.verb === 'publish' && point.when === when) bus.kill(party)
    }
    expect(await run(party.publish(['queue'], message('m')), 1000)).toBe('pending')
    expect(await run(other.inspect('queue'))).toMatchObject({ ready })
  }
})

test('a restart loses calls on their way, redelivers what is out, and repeats the facts', async () => {
  await run(one.declare('queue'))
  await run(one.announce('board', 'a', message('a1')))
  const seen = await watched(one)
  const came: unknown[] = []
  let finish = (): void => {}
  await run(
    one.consume('queue', { concurrency: 1 }, async (delivery) => {
      const { message, redelivered } = delivery
      came.push([message.id, redelivered, delivery.aborted])
      if (!redelivered) await new Promise<void>((resolve) => (finish = resolve))
      // Told by the delivery and by a signal that is asked for only now.
      if (!redelivered) came.push(['aborted', delivery.aborted, delivery.signal.aborted])
      return { do: 'ack' }
    }),
  )
  await run(other.respond('silent', () => new Promise(() => {})))
  await run(other.publish(['queue'], message('m')))
  const asked = one.request('silent', message('q'), { timeoutMs: 1000 })
  const outcome = codeOf(asked)
  await outcome
  const lost = other.publish(['queue'], message('lost'))
  const declared = codeOf(other.declare('never'))
  bus.restart()
  finish()
  expect(await codeOf(asked)).toBe('connection-lost')
  expect(await declared).toBe('connection-lost')
  expect(await run(lost)).toMatchObject({ gone: [], failed: [{ queue: 'queue', error: { code: 'connection-lost' } }] })
  await clock.run(0)
  expect(came).toContainEqual(['m', true, false])
  expect(came).toContainEqual(['aborted', true, true])
  expect(came).toHaveLength(3)
  expect(await run(other.inspect('never'))).toBeUndefined()
  expect(seen).toEqual(['a=a1', 'synced', 'a=a1'])
  await run(other.announce('board', 'a', null))
  expect(seen.at(-1)).toBe('a=gone')
})

test('a confirm that is late when the links break is lost, although the message is stored', async () => {
  await run(one.declare('queue'))
  bus.faults.publish = () => ({ confirmAfterMs: 100 })
  const report = one.publish(['queue', 'absent'], message('m'))
  await clock.run(50)
  bus.restart()
  const told = await run(report, 50)
  expect(told).toMatchObject({ gone: ['absent'], failed: [{ queue: 'queue', error: { code: 'connection-lost' } }] })
  expect(await run(one.inspect('queue'))).toMatchObject({ ready: 1 })
})

test('the same seed gives the same run, faults and all', async () => {
  const play = async (seed: number): Promise<string[]> => {
    const random = seeded(seed)
    const own = virtualClock()
    const stage = createMemoryBus({ clock: own, random })
    const log: string[] = []
    const chance = (): 'reorder' | 'duplicate' | undefined =>
      random() < 0.3 ? 'reorder' : random() < 0.3 ? 'duplicate' : undefined
    Object.assign(stage.faults, {
      change: chance,
      request: chance,
      delivery: () => (random() < 0.3 ? 'duplicate' : undefined),
    })
    const parties = [0, 1, 2].map(() => createMemoryTransport({ bus: stage }))
    for (const [n, party] of parties.entries()) {
      void party.watch('board', (change) => void log.push(`${n} ${JSON.stringify(change)}`))
      void party.consume('queue', { concurrency: 2 }, async ({ message: { id }, attempt }) => {
        log.push(`${n} ${id} ${attempt} ${own.now()}`)
        return random() < 0.4 ? { do: 'retry', afterMs: random() * 100, why: 'luck' } : { do: 'ack' }
      })
      void party.respond('address', async () => message(`${n}`))
    }
    await own.run(0)
    for (let n = 0; n < 30; n++) {
      void parties[n % 3]?.publish(['queue'], message(`m${n}`))
      void parties[n % 2]?.announce('board', `key${n % 4}`, n % 7 === 0 ? null : message(`f${n}`))
      void parties[2]?.request('address', message('q'), { timeoutMs: 10 }).then(
        (answer) => log.push(answer.id),
        (error) => log.push(error.code),
      )
      if (n === 15) stage.kill(parties[1] as Transport)
      await own.run(random() * 30)
    }
    await own.run(100_000)
    return log
  }
  const first = await play(7)
  expect(first.length).toBeGreaterThan(100)
  expect(await play(7)).toEqual(first)
  expect(await play(8)).not.toEqual(first)
})
