import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createAmqpTransport } from '../index.js'
import { brokerUrl, leftOut } from '../testdata/broker.js'
import { beginTrial, codes, message, type Trial } from '../testdata/trial.js'

describe.skipIf(leftOut)('a link that breaks', () => {
  let trial: Trial
  beforeEach(() => {
    trial = beginTrial()
  })
  afterEach(() => trial.end({ queues: ['q', 'own'], boards: ['board'] }), 30_000)

  /** A transport with one of everything, and what came to it. */
  async function busy(options: Parameters<Trial['open']>[0] = {}) {
    const came: string[] = []
    const facts = new Map<string, string>()
    let synced = 0
    const { transport, proxy } = await trial.open(options)
    const handle = async ({ message: { id } }: { message: { id: string } }) => {
      came.push(id)
      return { do: 'ack' as const }
    }
    await transport.consume('q', { concurrency: 5 }, handle)
    await transport.consume('own', { concurrency: 5, lifetime: 'instance' }, handle)
    await transport.watch('board', (change) => {
      if (change.type === 'synced') synced++
      if (change.type === 'fact') facts.set(change.key, change.fact.id)
      if (change.type === 'gone') facts.delete(change.key)
    })
    await transport.respond('address', async ({ id }) => message(`re ${id}`))
    await trial.until('the board has synced', () => synced === 1)
    return { transport, proxy, came, facts, synced: () => synced }
  }

  /** Everything that `busy` does still works, asked from outside. */
  async function works(
    one: Awaited<ReturnType<typeof busy>>,
    other: Awaited<ReturnType<Trial['open']>>,
    round: string,
  ) {
    for (const queue of ['q', 'own'])
      await trial.until(`${queue} has ${round}`, async () => {
        const report = await other.transport.publish([queue], message(`${queue} ${round}`))
        return report.failed.length + report.gone.length === 0
      })
    await other.transport.announce('board', 'key', message(round))
    await trial.until('all came', () => one.came.includes(`q ${round}`) && one.came.includes(`own ${round}`))
    await trial.until('the fact came', () => one.facts.get('key') === round)
    await trial.until('it answers', async () => {
      const answer = other.transport.request('address', message(round), { timeoutMs: 1000 })
      return (await answer.catch(() => undefined))?.id === `re ${round}`
    })
    await trial.until(
      'it publishes',
      async () => codes(await one.transport.publish(['q'], message('own'))).length === 0,
    )
    expect(one.synced()).toBe(1)
  }

  test('is mended with all that stood on it: consumers, instance queues, boards, responders', async () => {
    const states: string[] = []
    const one = await busy({ onState: (state) => void states.push(state) })
    const other = await trial.open()
    await works(one, other, 'before')
    await other.transport.announce('board', 'gone meanwhile', message('x'))
    one.proxy.mode = 'reset'
    one.proxy.cut()
    await trial.until('it is told', () => states.includes('reconnecting'))
    await other.transport.publish(['q', 'own'], message('meanwhile'))
    await other.transport.announce('board', 'gone meanwhile', null)
    one.proxy.mode = 'pass'
    await works(one, other, 'after')
    expect(one.came.filter((id) => id === 'meanwhile')).toHaveLength(2)
    expect(one.facts.has('gone meanwhile')).toBe(false)
    expect(states.at(-1)).toBe('connected')
  })

  test('is not waited for by one who looks at a queue, as long as a publish would wait', async () => {
    const states: string[] = []
    const { transport, proxy } = await busy({ confirmTimeoutMs: 60_000, onState: (state) => void states.push(state) })
    proxy.mode = 'reset'
    proxy.cut()
    await trial.until('it is told', () => states.includes('reconnecting'))
    const refused = { code: 'connection-lost', message: expect.stringContaining('within 3000 ms') }
    await expect(transport.inspect('q')).rejects.toMatchObject(refused)
    proxy.mode = 'pass'
    expect(await transport.inspect('q')).toMatchObject({ ready: 0, parked: 0 })
  })

  test('and breaks again at any point of the set-up, is mended all the same', async () => {
    const one = await busy()
    const other = await trial.open()
    for (let at = 1; at <= 40; at++) {
      const before = one.proxy.accepted
      let pieces = 0
      one.proxy.onClientBytes = (_bytes, number) => {
        if (number <= before || ++pieces !== at) return
        one.proxy.onClientBytes = () => {}
        one.proxy.cut()
      }
      one.proxy.cut()
      await trial.until('it has come back', () => one.proxy.accepted >= before + 3)
    }
    one.proxy.onClientBytes = () => {}
    await works(one, other, 'after')
  }, 60_000)

  test('half-open is noticed by the heartbeat, and what was unconfirmed fails', async () => {
    const { transport, proxy } = await trial.open({}, 'heartbeat=1')
    await transport.declare('q')
    proxy.mode = 'drop'
    expect(codes(await transport.publish(['q'], message('m')))).toEqual(['connection-lost'])
    proxy.mode = 'pass'
    await trial.until('it publishes', async () => codes(await transport.publish(['q'], message('m'))).length === 0)
  })

  test('while it is down publishing fails at once, looking waits for it, and closing is soon done', async () => {
    const said: string[] = []
    const { transport, proxy } = await trial.open({ onState: (_, reason) => void said.push(reason) })
    await transport.declare('q')
    proxy.mode = 'reset'
    proxy.cut()
    await trial.until('it is down', async () => codes(await transport.publish(['q'], message('m'))).length === 1)
    // Each connection learns of it by itself.
    await trial.until('so is the one that looks', () => said.some((reason) => reason.includes('control connection')))
    const looking = transport.inspect('q')
    proxy.mode = 'pass'
    expect((await looking)?.ready).toBe(0)
    proxy.mode = 'reset'
    proxy.cut()
    const began = performance.now()
    const waiting = transport.declare('q').catch((error) => error.code)
    await transport.close()
    expect(performance.now() - began).toBeLessThan(5000)
    expect(['connection-lost', 'transport-closed', undefined]).toContain(await waiting)
  })

  test('an answer that can no longer come is told of', async () => {
    const asker = await trial.open()
    const { transport } = await trial.open()
    let asked = false
    let open = (): void => {}
    const gate = new Promise<void>((resolve) => {
      open = resolve
    })
    await transport.respond('address', async () => {
      asked = true
      await gate
      return message('late')
    })
    const answer = asker.transport.request('address', message('q'), { timeoutMs: 30_000 })
    const outcome = answer.catch((error) => error.code)
    await trial.until('it is asked', () => asked)
    asker.proxy.cut()
    expect(await outcome).toBe('connection-lost')
    open()
  })
})

describe.skipIf(leftOut)('a broker that cannot be had', () => {
  const secret = 'hunter2%25'

  test('rejects with what is wrong and never shows a password', async () => {
    const wrong = new URL(brokerUrl)
    wrong.password = secret
    const nowhere = `amqp://user:${secret}@127.0.0.1:1`
    for (const [url, code] of [
      [wrong.href, 'invalid-argument'],
      [nowhere, 'connection-lost'],
      [`http://user:${secret}@host`, 'invalid-argument'],
      [`amqp//user:${secret}@host`, 'invalid-argument'],
    ]) {
      const error = await createAmqpTransport({ url: url as string, connectTimeoutMs: 300 }).catch((thrown) => thrown)
      expect(error.code).toBe(code)
      const told = [error.message, error.stack, JSON.stringify(error), String(error.cause), error.cause?.input].join()
      expect(told).not.toContain('hunter2')
    }
  })

  test('one member of several that is down is passed over', async () => {
    const transport = await createAmqpTransport({ url: ['amqp://127.0.0.1:1', brokerUrl] })
    expect(transport.traits.maxBodyBytes).toBeGreaterThan(0)
    await transport.close()
  })
})
